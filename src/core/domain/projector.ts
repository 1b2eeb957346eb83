import type { AlignedModality } from "./modality";

/** A tensor on the CPU, row-major. */
export interface TensorData {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/**
 * The trained map of one modality into the shared space, as numbers.
 *
 * - `freeze-align`, `layer-norm-linear`: tensors named in engine/align/projectors/ (freezeAlign.ts,
 *   layerNormLinear.ts).
 * - `linear`: `mean` [D], `weight` [D, P] and, optionally, `outputScale` [P], which multiplies the
 *   L2-normalised output (CSA folds the square roots of its correlations in there).
 */
export interface Projector {
  readonly kind: "freeze-align" | "layer-norm-linear" | "linear";
  readonly modality: AlignedModality;
  readonly inputWidth: number;
  /** Width P of the shared space. */
  readonly dimension: number;
  readonly tensors: Readonly<Record<string, TensorData>>;
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
