import type { Modality } from "./modality";

/** A tensor on the CPU, row-major. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** Forms of trained projectors; engine/align/projectors/ has a file of each, which names its tensors. */
export const HEAD_KINDS = [
  "layer-norm-linear",
  "freeze-align",
  "freeze-align-tokens",
  "sail",
  "low-rank",
  "identity",
] as const;
export type HeadKind = (typeof HEAD_KINDS)[number];

/**
 * The trained map of one modality into the shared space, as numbers.
 *
 * - a head: see `HEAD_KINDS`.
 * - `linear`: `mean` [D], `weight` [D, P] and, optionally, `outputScale` [P], which multiplies the
 *   L2-normalised output (CSA folds the square roots of its correlations in there).
 * - `asif`: `anchors` [P, D] unit rows, `neighbours` [], `power` [] and, where it is subtracted,
 *   `mean` [D].
 */
export interface Projector {
  readonly kind: HeadKind | "linear" | "asif";
  readonly modality: Modality;
  readonly inputWidth: number;
  /** Width P of the shared space. */
  readonly dimension: number;
  readonly tensors: Readonly<Record<string, TensorData>>;
}

/** The buffers behind both projectors, each once, to be moved to another thread. */
export function buffersOf({ image, text }: ProjectorPair): ArrayBuffer[] {
  const tensors = [image, text].flatMap((side) => Object.values(side.tensors));
  return [...new Set(tensors.map(({ data }) => data.buffer))];
}

/** Both projectors of a run at one step, as Query loads them. */
export interface ProjectorPair {
  readonly runId: string;
  readonly step: number;
  readonly image: Projector;
  readonly text: Projector;
  /** exp(t): multiplies cosines before a softmax. */
  readonly logitScale: number;
}
