import type { Split } from "../core/domain/dataset";
import type { Estimate, ZeroShotResult } from "../core/domain/evaluation";
import type { MapPlaces, MapScores, MapVectors } from "../core/domain/jointMap";
import type { MissReport } from "../core/domain/missReport";
import type { AlignedModality } from "../core/domain/modality";
import type { GalleryFilter, ScoreSettings } from "../core/domain/query";
import type { ProjectorPair } from "../core/domain/projector";
import type { ScoreEffects } from "../core/metrics/scoreEffects";
import type { RunComparison } from "../core/metrics/compareRuns";
import type { OperatingPoint, PrecisionRecall } from "../core/metrics/precisionRecall";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/search.worker.ts. The gallery lives in the worker. */
export type SearchContract = {
  /**
   * Loads a run's projectors and projects the gallery; later calls refresh it if newer ones are
   * stored. With `projectors` it uses these, which a training has just made and nobody has stored.
   */
  open: {
    params: { projectId: string; runId: string; projectors?: ProjectorPair };
    progress: Progress;
    result: SpaceStatus;
  };
  /**
   * Ranks the gallery for the weighted sum of vectors (raw encoder outputs) and gallery items. Reports
   * only what a first query with CSLS has to prepare: stage `neighbours`, once per run, step and side.
   */
  search: {
    params: {
      projectId: string;
      runId: string;
      terms: readonly VectorTerm[];
      target: AlignedModality;
      limit: number;
      filter: GalleryFilter;
      scores: ScoreSettings;
    };
    progress: Progress;
    result: SearchResult;
  };
  /** What centring and CSLS do to recall on the held-out test. @throws `data/too-few` without one. */
  effects: {
    params: { projectId: string; runId: string };
    progress: Progress;
    result: ScoreEffects;
  };
  /** Zero-shot classification of the images of some splits, by embedded label prompts. */
  classify: {
    params: {
      projectId: string;
      runId: string;
      labels: readonly string[];
      /** [labels × templates, D] raw text embeddings, label-major. */
      vectors: Float32Array<ArrayBuffer>;
      templates: readonly string[];
      /** Label column with the truth, or null. */
      truth: string | null;
      splits: readonly Split[];
      /** Label to look at by itself, against all others; null: none. */
      focus: number | null;
    };
    progress: never;
    result: Classification;
  };
  /** Probabilities of labels for pictures that are not of the project: [images × labels]. */
  classifyVectors: {
    params: {
      projectId: string;
      runId: string;
      labels: number;
      templates: number;
      /** [labels × templates, D] raw text embeddings, label-major. */
      vectors: Float32Array<ArrayBuffer>;
      /** [count, D] raw image embeddings. */
      images: Float32Array<ArrayBuffer>;
      count: number;
    };
    progress: never;
    result: { probabilities: Float64Array<ArrayBuffer> };
  };
  /** Where every item lies, by principal components; `isCentred`: without the modality gap. */
  mapPlaces: {
    params: { projectId: string; runId: string; isCentred: boolean };
    progress: never;
    result: MapPlaces;
  };
  /** Every item along the first 50 principal components, for `layOut` of the explore worker. */
  mapVectors: {
    params: { projectId: string; runId: string; isCentred: boolean };
    progress: never;
    result: MapVectors;
  };
  /** Ranks of held-out partners and cosines of pairs, for every item. */
  mapScores: {
    params: { projectId: string; runId: string };
    progress: Progress;
    result: MapScores;
  };
  /** Scores in the shared space of any queries with any rows: what explanations are made of. */
  scoreVectors: {
    params: {
      projectId: string;
      runId: string;
      queries: readonly (readonly VectorTerm[])[];
      rows: ScoredRows;
      controls: ScoreControls | null;
    };
    progress: never;
    result: VectorScores;
  };
  /** Why an item that was expected is not first. */
  explainMiss: {
    params: Omit<SearchContract["search"]["params"], "limit"> & { expected: number };
    progress: never;
    result: MissReport;
  };
  /** Two runs' test results beside each other, query by query: after minus before. */
  compareRuns: {
    params: { before: string; after: string };
    progress: never;
    result: RunComparison;
  };
};

/** One part of a query, as numbers; a negative weight takes it away. */
export type VectorTerm = { readonly modality: AlignedModality; readonly weight: number } & (
  { readonly vector: Float32Array<ArrayBuffer> } | { readonly item: number }
);

/** What queries are scored with: raw encoder outputs, or items of the gallery. */
export type ScoredRows = { readonly modality: AlignedModality } & (
  | { readonly vectors: Float32Array<ArrayBuffer>; readonly count: number }
  | { readonly items: readonly number[] }
);

/** Random items of the gallery that join the queries or the rows, to compare with. */
export interface ScoreControls {
  readonly as: "queries" | "rows";
  readonly modality: AlignedModality;
  readonly count: number;
  readonly seed: number;
}

export interface VectorScores {
  /** [queries, rows], the controls last in either; dot products, as an uncorrected search ranks. */
  readonly scores: Float32Array<ArrayBuffer>;
  readonly queries: number;
  readonly rows: number;
  readonly step: number;
}

/** Which projectors the gallery in memory was made with. */
export interface SpaceStatus {
  readonly runId: string;
  readonly step: number;
  readonly dimension: number;
  readonly gallery: Readonly<Record<AlignedModality, number>>;
}

export interface Hit {
  /** Index of the item in the project's items of the target modality. */
  readonly item: number;
  /** 1 = best. */
  readonly rank: number;
  /** What ranks: the cosine, or with CSLS 2 · cosine − r(item), from about −2 to 2. */
  readonly score: number;
  /** Cosine with the query, in the space as set: of centred vectors if centred (CSA: weighted). */
  readonly cosine: number;
  readonly split: Split;
}

export interface SearchResult {
  readonly hits: readonly Hit[];
  /** Items ranked: those the filter leaves. */
  readonly gallery: number;
  readonly step: number;
  /** Time in the worker after the query was encoded. */
  readonly elapsedMs: number;
}

export interface ClassifiedItem {
  readonly item: number;
  readonly split: Split;
  /** Index into `labels` of the best label, and its softmax probability. */
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
  /** The label asked to be looked at by itself. */
  readonly focus: LabelFocus | null;
}

/** One label against all others. */
export interface LabelFocus {
  readonly label: number;
  /** Its probability for every item, in the order of `items`. */
  readonly probabilities: Float64Array<ArrayBuffer>;
  /** At a few hundred thresholds, `best` by F1 among them; null where no item is known to be of it. */
  readonly curve: (PrecisionRecall & { readonly best: OperatingPoint }) | null;
}
