import { AppError } from "../../core/errors";
import { cholesky, solveLower } from "../../core/math/linalg/cholesky";
import { matrix64, row64, transpose, type Matrix64 } from "../../core/math/linalg/matrix64";
import { timesTransposed } from "../../core/math/linalg/product";
import { dot, row, type Matrix } from "../../core/math/matrix";
import { rng, seedFrom } from "../../core/math/rng";
import { breathe } from "../align/breathe";
import { gramInPieces } from "../align/gramInPieces";

/** Dimensions kept of each side: wider embeddings are judged in their principal subspace. */
export const REDUCED_WIDTH = 128;

const OVERSAMPLING = 16; // more directions than kept are followed (Halko, Martinsson and Tropp 2011)
const ITERATIONS = 2;
const BASIS_ROWS = 1_000; // more rows hardly turn a subspace of 128 directions
const BATCH_ROWS = 256;

/** One side of the data as the doctor computes with it. */
export interface ReducedSide {
  /** [N, r]: unit rows minus their mean, in the basis. */
  readonly rows: Matrix64;
  /** [D] mean of the unit rows. */
  readonly mean: Float64Array<ArrayBuffer>;
  /** [r, D] orthonormal rows; null: the side is narrow enough to stay as it is. */
  readonly basis: Matrix64 | null;
}

/**
 * One side of the data, L2-normalised, centred and reduced to at most 128 principal directions.
 *
 * The directions come from one side alone, never from who is paired with whom, so they may be
 * computed once for every fold without telling one fold of another. Randomised subspace iteration
 * with a fixed seed on at most 1,000 evenly spaced rows.
 *
 * @param items [N, D] raw encoder outputs.
 * @throws AppError `data/non-finite`, `cancelled`.
 *
 * Source: Halko, Martinsson and Tropp, SIAM Review 53(2), 2011, algorithm 4.4.
 */
export async function reduceSide(items: Matrix, signal?: AbortSignal): Promise<ReducedSide> {
  const mean = meanOfUnits(items);
  const width = Math.min(REDUCED_WIDTH, items.cols);
  if (items.cols <= REDUCED_WIDTH) {
    const rows = matrix64(items.rows, items.cols);
    for (let i = 0; i < items.rows; i++) centreInto(items, i, mean, row64(rows, i));
    return { rows, mean, basis: null };
  }
  const basis = await principalBasis(items, mean, width, signal);
  const rows = matrix64(items.rows, width);
  const batch = matrix64(BATCH_ROWS, items.cols);
  for (let start = 0; start < items.rows; start += BATCH_ROWS) {
    await breathe(signal);
    const count = Math.min(BATCH_ROWS, items.rows - start);
    for (let i = 0; i < count; i++) centreInto(items, start + i, mean, row64(batch, i));
    const reduced = timesTransposed(batch, basis);
    rows.data.set(reduced.data.subarray(0, count * width), start * width);
  }
  return { rows, mean, basis };
}

async function principalBasis(
  items: Matrix,
  mean: Float64Array,
  width: number,
  signal?: AbortSignal,
): Promise<Matrix64> {
  const covariance = await spacedCovariance(items, mean, signal);
  const followed = Math.min(items.cols, width + OVERSAMPLING);
  const random = rng(seedFrom("pair-doctor", "basis"));
  let directions = matrix64(
    followed,
    items.cols,
    Float64Array.from({ length: followed * items.cols }, () => random() - 0.5),
  );
  for (let k = 0; k < ITERATIONS; k++) {
    await breathe(signal);
    directions = orthonormalRows(timesTransposed(directions, covariance));
  }
  return matrix64(width, items.cols, directions.data.slice(0, width * items.cols));
}

/** Sum of the outer products of at most `BASIS_ROWS` centred rows: [D, D]. */
function spacedCovariance(
  items: Matrix,
  mean: Float64Array,
  signal?: AbortSignal,
): Promise<Matrix64> {
  const count = Math.min(BASIS_ROWS, items.rows);
  const sample = matrix64(count, items.cols);
  for (let k = 0; k < count; k++) {
    centreInto(items, Math.floor((k * items.rows) / count), mean, row64(sample, k));
  }
  return gramInPieces(transpose(sample), signal);
}

/**
 * Orthonormal rows that span what the rows of `m` span (Cholesky QR). The first rows span what the
 * first rows of `m` do, so the best directions of a subspace iteration come first.
 */
function orthonormalRows(m: Matrix64): Matrix64 {
  const products = timesTransposed(m, m);
  let trace = 0;
  for (let i = 0; i < m.rows; i++) trace += products.data[i * m.rows + i]!;
  // A few rows only, or all equal: directions without variance are noise of length one.
  const shift = Math.max(trace * 1e-14, 1e-280);
  return transpose(solveLower(cholesky(products, shift), transpose(m)));
}

function meanOfUnits(items: Matrix): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(items.cols);
  for (let i = 0; i < items.rows; i++) {
    const values = row(items, i);
    const norm = normOf(values, i);
    for (let d = 0; d < mean.length; d++) mean[d] = mean[d]! + values[d]! / norm;
  }
  return mean.map((sum) => sum / Math.max(1, items.rows));
}

function centreInto(items: Matrix, i: number, mean: Float64Array, out: Float64Array): void {
  const values = row(items, i);
  const norm = normOf(values, i);
  for (let d = 0; d < out.length; d++) out[d] = values[d]! / norm - mean[d]!;
}

function normOf(values: Float32Array, i: number): number {
  const norm = Math.sqrt(dot(values, values));
  if (!Number.isFinite(norm)) throw new AppError("data/non-finite", `embedding of row ${i}`);
  return Math.max(norm, 1e-12);
}
