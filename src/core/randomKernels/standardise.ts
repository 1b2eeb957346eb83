import { AppError } from "../errors";
import type { Matrix64 } from "../math/linalg/matrix64";

/** Brings features to mean 0 and deviation 1 over the calibration: `(x - centre) · scale`. */
export interface FeatureScale {
  /** [F] */
  readonly centre: Float32Array<ArrayBuffer>;
  /** [F]; 0 for a feature that did not change over the calibration. */
  readonly scale: Float32Array<ArrayBuffer>;
}

const LEAST_DEVIATION = 1e-6;

/**
 * The scale of features over the calibration.
 *
 * @param features [N, F]
 * @throws AppError `data/shape` for fewer than two windows; `data/degenerate` where all are alike.
 */
export function scaleOf({ data, rows, cols }: Matrix64): FeatureScale {
  if (rows < 2) throw new AppError("data/shape", `features of ${rows} windows have no spread`);
  const centre = new Float32Array(cols);
  const scale = new Float32Array(cols);
  for (let f = 0; f < cols; f++) {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += data[i * cols + f]!;
    const mean = sum / rows;
    let squares = 0;
    for (let i = 0; i < rows; i++) squares += (data[i * cols + f]! - mean) ** 2;
    const deviation = Math.sqrt(squares / rows);
    centre[f] = mean;
    scale[f] = deviation < LEAST_DEVIATION ? 0 : 1 / deviation;
  }
  if (scale.every((value) => value === 0)) {
    throw new AppError("data/degenerate", "all windows give the same features");
  }
  return { centre, scale };
}

/** Standardises features in place. */
export function standardiseFeatures(features: Matrix64, { centre, scale }: FeatureScale): void {
  const { data, rows, cols } = features;
  for (let i = 0; i < rows; i++) {
    for (let f = 0; f < cols; f++) {
      data[i * cols + f] = (data[i * cols + f]! - centre[f]!) * scale[f]!;
    }
  }
}
