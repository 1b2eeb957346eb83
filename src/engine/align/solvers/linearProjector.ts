import type { AlignedModality } from "../../../core/domain/modality";
import type { Projector, TensorData } from "../../../core/domain/projector";
import type { Matrix64 } from "../../../core/math/linalg/matrix64";

/** Two linear projectors into one space, and what validation chose for them. */
export interface ClosedFormFit {
  readonly projectors: { readonly image: Projector; readonly text: Projector };
  readonly chosen: Readonly<Record<string, number>>;
}

/**
 * The projector x ↦ normalise((x - mean) weight) · outputScale.
 *
 * @param mean [D]
 * @param maps [P, D], the columns of `weight` as rows.
 * @param outputScale [P]
 */
export function linearProjector(
  modality: AlignedModality,
  mean: Float64Array,
  maps: Matrix64,
  outputScale?: Float64Array,
): Projector {
  const weight = new Float32Array(maps.rows * maps.cols);
  for (let p = 0; p < maps.rows; p++) {
    for (let d = 0; d < maps.cols; d++) {
      weight[d * maps.rows + p] = maps.data[p * maps.cols + d]!;
    }
  }
  const tensors: Record<string, TensorData> = {
    mean: { shape: [maps.cols], data: Float32Array.from(mean) },
    weight: { shape: [maps.cols, maps.rows], data: weight },
  };
  if (outputScale) {
    tensors["outputScale"] = { shape: [maps.rows], data: Float32Array.from(outputScale) };
  }
  return { kind: "linear", modality, inputWidth: maps.cols, dimension: maps.rows, tensors };
}
