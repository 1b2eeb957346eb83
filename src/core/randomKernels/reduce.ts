import { AppError } from "../errors";
import { cholesky, solveLower } from "../math/linalg/cholesky";
import { matrix64, transpose, type Matrix64 } from "../math/linalg/matrix64";
import { gram, timesTransposed } from "../math/linalg/product";
import { symmetricEigen } from "../math/linalg/symmetricEigen";
import { normal } from "../math/normal";
import { rng, seedFrom } from "../math/rng";

/** A linear map from features to fewer numbers: `(z · weights) · scale`. */
export interface Reduction {
  readonly width: number;
  /** [F, width], whole numbers in -127..127. */
  readonly weights: Int8Array<ArrayBuffer>;
  /** [width] */
  readonly scale: Float32Array<ArrayBuffer>;
}

/**
 * Principal directions of the calibration, turned at random and rounded to 8 bits.
 *
 * Turned, because a head that standardises its inputs would otherwise weigh the last direction, which
 * is noise, like the first; after it every number carries about the same share of all of them.
 * Outputs have variance 1 over the calibration, on average.
 *
 * @param features [N, F], standardised.
 * @throws AppError `data/shape` for more directions than windows less one.
 */
export function reduceFeatures(features: Matrix64, width: number, seed: number): Reduction {
  const { rows, cols } = features;
  if (width >= rows) throw new AppError("data/shape", `${width} directions of ${rows} windows`);
  const { values, vectors } = symmetricEigen(gram(features));
  const kept = values.subarray(0, width);
  if ((kept[width - 1] ?? 0) <= 0) throw new AppError("data/degenerate", "windows that are alike");
  // Zᵀ u / √λ is a unit direction; with the turn, one matrix [width, N] from windows to outputs.
  const directions = matrix64(width, rows, vectors.data.slice(0, width * rows));
  for (let d = 0; d < width; d++) {
    for (let i = 0; i < rows; i++) directions.data[d * rows + i]! /= Math.sqrt(kept[d]!);
  }
  const turned = timesTransposed(turn(width, seed), transpose(directions)); // [width, N]
  const outputs = timesTransposed(transpose(features), turned); // [F, width]
  const variance = kept.reduce((sum, value) => sum + value, 0) / (rows * width);
  return rounded(outputs, 1 / Math.sqrt(variance), cols);
}

/** A random orthogonal matrix, uniform over all of them. */
function turn(size: number, seed: number): Matrix64 {
  const random = rng(seedFrom("turn", seed));
  const gaussian = matrix64(size, size);
  for (let i = 0; i < gaussian.data.length; i++) gaussian.data[i] = normal(random);
  return solveLower(cholesky(gram(transpose(gaussian))), gaussian);
}

function rounded({ data, cols: width }: Matrix64, gain: number, features: number): Reduction {
  const weights = new Int8Array(features * width);
  const scale = new Float32Array(width);
  for (let d = 0; d < width; d++) {
    let largest = 0;
    for (let f = 0; f < features; f++) largest = Math.max(largest, Math.abs(data[f * width + d]!));
    const step = largest / 127;
    for (let f = 0; f < features; f++) {
      weights[f * width + d] = Math.round(data[f * width + d]! / step);
    }
    scale[d] = step * gain;
  }
  return { width, weights, scale };
}
