import type { OperatingPoint, PrecisionRecall } from "../metrics/precisionRecall";
import type { Split } from "./dataset";
import type { Estimate, ZeroShotResult } from "./evaluation";

/** What the images of some splits are classified by. */
export interface ClassifyRequest {
  readonly labels: readonly string[];
  /** [labels × templates, D] raw text embeddings, label-major. */
  readonly vectors: Float32Array<ArrayBuffer>;
  /** The templates themselves, as the result names them. */
  readonly templates: readonly string[];
  /** Label column with the truth, or null. */
  readonly truth: string | null;
  readonly splits: readonly Split[];
}

/** A label of a classification to look at by itself, against all others. */
export interface CompareLabelRequest extends ClassifyRequest {
  /** Index into `labels`. */
  readonly label: number;
}

/** New pictures and the labels to choose from, as raw embeddings. */
export interface ClassifyVectorsRequest extends Pick<ClassifyRequest, "vectors"> {
  readonly labels: number;
  readonly templates: number;
  /** [count, D] raw image embeddings. */
  readonly images: Float32Array<ArrayBuffer>;
  readonly count: number;
}

export interface ClassifiedItem {
  readonly item: number;
  readonly split: Split;
  /** Index into `labels` of the best label, and its softmax at the trained logit scale. */
  readonly label: number;
  readonly probability: number;
  /** The next labels, best first. */
  readonly next: readonly { readonly label: number; readonly probability: number }[];
  /** Index of the true label, or -1 when unknown. */
  readonly truth: number;
}

export interface Classification {
  readonly step: number;
  readonly items: readonly ClassifiedItem[];
  /** Items per predicted label. */
  readonly counts: readonly number[];
  /** Present when the truth is known for at least one item. */
  readonly score: ZeroShotResult | null;
  readonly chance: Estimate | null;
}

/** One label against all others. */
export interface LabelComparison {
  readonly label: number;
  /** Its probability for every item, in the order of `Classification.items`. */
  readonly probabilities: Float64Array<ArrayBuffer>;
  /** At a few hundred thresholds, `best` by F1 among them; null where no item is known to be of it. */
  readonly curve: (PrecisionRecall & { readonly best: OperatingPoint }) | null;
}
