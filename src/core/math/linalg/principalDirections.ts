import { columnMeans, dot, matrix, type Matrix } from "../matrix";
import { matrix64, row64, toMatrix64, type Matrix64 } from "./matrix64";
import { addProduct, block, gram } from "./product";
import { symmetricEigen } from "./symmetricEigen";

const NEGLIGIBLE = 1e-10; // of the largest: rounding of float32 rows, no direction of theirs
const ROUNDING = 1e-24; // of the square of a mean in float64

/** The directions in which rows vary most. */
export interface Directions {
  /** [D] */
  readonly mean: Float64Array;
  /** [K, D], orthonormal rows, that of the largest variance first. */
  readonly basis: Matrix64;
  /** Share of the rows' variance that they hold, in [0, 1]; 1 where there is none. */
  readonly share: number;
}

/**
 * The first principal directions of some rows: at most `most`, and none along which they do not
 * vary. From the N × N products of rows, so N should be some hundreds; D may be thousands.
 *
 * @param rows [N, D]
 * @throws AppError `data/non-finite`.
 */
export function principalDirections(rows: Matrix, most: number): Directions {
  const mean = columnMeans(rows);
  const centred = toMatrix64(rows);
  for (let i = 0; i < rows.rows; i++) subtract(row64(centred, i), mean);
  const { values, vectors } = symmetricEigen(gram(centred));
  const largest = values[0] ?? 0;
  const noise = ROUNDING * dot(mean, mean) * rows.rows; // of a mean that is not quite that of equal rows
  const least = Math.max(NEGLIGIBLE * largest, noise);
  const kept = values.slice(0, most).filter((value) => value > least);
  const basis = matrix64(kept.length, rows.cols);
  kept.forEach((value, k) => {
    const [own, out] = [row64(vectors, k), row64(basis, k)];
    own.forEach((weight, i) => {
      const from = row64(centred, i);
      for (let d = 0; d < out.length; d++)
        out[d] = out[d]! + (weight * from[d]!) / Math.sqrt(value);
    });
  });
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const held = kept.reduce((sum, value) => sum + value, 0);
  return { mean, basis, share: kept.length > 0 ? held / total : 1 };
}

/** Where rows lie along the directions: [N, K]. Costs N · K · D multiply-adds. */
export function along(rows: Matrix, { mean, basis }: Directions): Matrix {
  const centred = toMatrix64(rows);
  for (let i = 0; i < rows.rows; i++) subtract(row64(centred, i), mean);
  const out = matrix64(rows.rows, basis.rows);
  const size = { m: rows.rows, n: basis.rows, k: rows.cols };
  addProduct(block(centred, 0, 0), block(basis, 0, 0), block(out, 0, 0), size);
  return matrix(rows.rows, basis.rows, Float32Array.from(out.data));
}

function subtract(values: Float64Array, mean: Float64Array): void {
  for (let d = 0; d < values.length; d++) values[d] = values[d]! - mean[d]!;
}
