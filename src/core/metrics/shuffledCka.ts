import { matrix64, row64, type Matrix64 } from "../math/linalg/matrix64";
import { timesTransposed } from "../math/linalg/product";
import { dot, matrix, type Matrix } from "../math/matrix";
import { rng } from "../math/rng";
import { hsic, normalizeHsic, type CkaSide, type CkaSideWithMoment } from "./cka";

const ITERATIONS = 5; // the leading directions have nearly all of the energy by then
const VANISHED = 1e-10; // length left of a unit row that depends on those above it

/** The part of an embedding set in which nearly all of its Gram matrix lies, for shuffling. */
export interface LeadingPart {
  /** [n, r] the centred items on r perpendicular directions, scaled to a trace of 1. */
  readonly scores: Matrix;
  /** [n] squared length of each row of `scores`. */
  readonly squares: Float64Array<ArrayBuffer>;
  /** How much larger the trace of the whole set is than that of `scores`. */
  readonly factor: number;
  /** Share of the spread of the off-diagonal Gram entries that `scores` has, in (0, 1]. */
  readonly share: number;
}

/**
 * The `rank` leading directions of a set: all of it where D ≤ rank.
 *
 * Subspace iteration on the covariance, costs 5·D²·rank multiply-adds. How good the directions are
 * does not bias `shuffledCka`; it only decides how much of the null it has to scale up.
 */
export function leadingPart(side: CkaSideWithMoment, rank: number, seed: number): LeadingPart {
  const { columns, trace } = side;
  const directions = leadingDirections(side.moment, rank, seed);
  const scores = directions ? project(columns, directions) : columns;
  const n = columns.cols;
  const squares = new Float64Array(n);
  let kept = 0;
  for (let r = 0; r < scores.rows; r++) {
    const values = row64(scores, r);
    for (let i = 0; i < n; i++) squares[i] = squares[i]! + values[i]! ** 2;
  }
  for (const square of squares) kept += square;
  const scale = kept > 0 ? 1 / kept : 0;
  const energy = timesTransposed(scores, scores).data.reduce((sum, v) => sum + v * v, 0);
  const whole = offDiagonal(side.energy, side.squares, trace);
  const part = offDiagonal(energy, squares, kept);
  return {
    scores: rowsOf(scores, Math.sqrt(scale)),
    squares: squares.map((square) => square * scale),
    factor: trace * scale,
    share: whole > 0 ? Math.min(1, part / whole) : 1,
  };
}

/** Spread of the Gram entries beside the diagonal around their mean, times their number. */
function offDiagonal(energy: number, squares: Float64Array, trace: number): number {
  const n = squares.length;
  const diagonal = squares.reduce((sum, square) => sum + square * square, 0);
  return energy - diagonal - (trace * trace) / (n * (n - 1));
}

/**
 * Unbiased CKA of two sets after the pairs are shuffled.
 *
 * Only two terms change under a shuffle: Σ ‖x_i‖²‖y_π(i)‖², computed exactly, and the rest of
 * ‖XᵀPY‖², whose mean over shuffles is known exactly and whose spread around it is measured on the
 * leading parts and scaled by the share of it they have. Exact where both parts are whole.
 *
 * @param product ‖A_rᵀ P B_r‖² (Frobenius) of the two `scores`.
 * @param order   [n] item i of `a` is paired with item order[i] of `b`.
 */
export function shuffledCka(
  a: { readonly side: CkaSide; readonly part: LeadingPart },
  b: { readonly side: CkaSide; readonly part: LeadingPart },
  product: number,
  order: Uint32Array,
): number {
  const n = order.length;
  let diagonal = 0;
  let partDiagonal = 0;
  for (let i = 0; i < n; i++) {
    const j = order[i]!;
    diagonal += a.side.squares[i]! * b.side.squares[j]!;
    partDiagonal += a.part.squares[i]! * b.part.squares[j]!;
  }
  const mean = 1 / (n - 1) - 1 / n; // of ‖A_rᵀ P B_r‖² beside the diagonal: both traces are 1
  const traces = a.side.trace * b.side.trace;
  const wholeOfPart = traces / (a.part.factor * b.part.factor || 1);
  const spread = (product - partDiagonal - mean) * wholeOfPart;
  const missing = Math.sqrt(a.part.share * b.part.share) || 1;
  const whole = traces * mean + spread / missing;
  return normalizeHsic(hsic(n, whole + diagonal, diagonal, traces), a.side, b.side);
}

/** Rows that span nearly the range of the leading eigenvectors; null where all directions fit. */
function leadingDirections(moment: Matrix64, rank: number, seed: number): Matrix64 | null {
  if (moment.rows <= rank) return null;
  const random = rng(seed);
  let directions = matrix64(rank, moment.rows);
  for (let at = 0; at < directions.data.length; at++) directions.data[at] = random() - 0.5;
  for (let step = 0; step < ITERATIONS; step++) {
    orthonormalize(directions);
    directions = timesTransposed(directions, moment); // symmetric: its transpose is itself
  }
  orthonormalize(directions);
  return directions;
}

/** Gram-Schmidt, twice because once leaves rounding; a dependent row becomes zero. */
function orthonormalize(m: Matrix64): void {
  for (let i = 0; i < m.rows; i++) {
    const own = row64(m, i);
    divide(own, Math.sqrt(dot(own, own)));
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = row64(m, j);
        const along = dot(own, other);
        for (let d = 0; d < own.length; d++) own[d] = own[d]! - along * other[d]!;
      }
    }
    const length = Math.sqrt(dot(own, own));
    divide(own, length > VANISHED ? length : Infinity);
  }
}

function divide(values: Float64Array, by: number): void {
  for (let d = 0; d < values.length; d++) values[d] = by > 0 ? values[d]! / by : 0;
}

/** [r, n]: the items on each direction, from their columns [D, n]. */
function project(columns: Matrix64, directions: Matrix64): Matrix64 {
  const out = matrix64(directions.rows, columns.cols);
  for (let d = 0; d < columns.rows; d++) {
    const values = row64(columns, d);
    for (let r = 0; r < directions.rows; r++) {
      const weight = directions.data[r * directions.cols + d]!;
      const target = row64(out, r);
      for (let i = 0; i < values.length; i++) target[i] = target[i]! + weight * values[i]!;
    }
  }
  return out;
}

/** [n, r] in float32 from [r, n], times `scale`. */
function rowsOf({ data, rows, cols }: Matrix64, scale: number): Matrix {
  const out = matrix(cols, rows);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < cols; i++) out.data[i * rows + r] = data[r * cols + i]! * scale;
  }
  return out;
}
