import { AppError } from "../errors";
import { row64, toMatrix64, transpose, type Matrix64 } from "../math/linalg/matrix64";
import { gram, timesTransposed } from "../math/linalg/product";
import type { Matrix } from "../math/matrix";

/** HSIC_1 divides by n(n - 3). */
const MINIMUM_PAIRS = 4;

/** One embedding set, prepared so that its similarity with any other is one matrix product. */
export interface CkaSide {
  /** [D, n]: row d is dimension d of every item, minus its mean. */
  readonly columns: Matrix64;
  /** [n] squared length of each centred item: the diagonal of the Gram matrix K = X Xᵀ. */
  readonly squares: Float64Array<ArrayBuffer>;
  /** tr K, the sum of `squares`. */
  readonly trace: number;
  /** ‖K‖² = ‖Xᵀ X‖² (Frobenius). */
  readonly energy: number;
  /** HSIC_1(K, K); at most 0 where the items do not vary. */
  readonly hsic: number;
}

/** A set with its second moment, which only `leadingPart` needs and which is large. */
export interface CkaSideWithMoment extends CkaSide {
  /** [D, D] Xᵀ X. */
  readonly moment: Matrix64;
}

/**
 * An embedding set ready for `unbiasedCka` and `biasedCka`.
 *
 * Costs n·D²/2 multiply-adds.
 *
 * @param items [n, D], raw; they are centred here, because sums of large numbers lose digits.
 * @throws AppError `data/too-few` below four items, `data/non-finite`.
 */
export function ckaSide(items: Matrix): CkaSideWithMoment {
  if (items.rows < MINIMUM_PAIRS) throw new AppError("data/too-few", `${items.rows} pairs`);
  if (!items.data.every(Number.isFinite)) throw new AppError("data/non-finite", "embeddings");
  const columns = transpose(toMatrix64(items));
  for (let d = 0; d < columns.rows; d++) centre(row64(columns, d));
  return sideOf(columns);
}

/** The same from features that are centred already, as rows: [D, n]. */
export function sideOf(columns: Matrix64): CkaSideWithMoment {
  const squares = new Float64Array(columns.cols);
  for (let d = 0; d < columns.rows; d++) {
    const column = row64(columns, d);
    for (let i = 0; i < column.length; i++) squares[i] = squares[i]! + column[i]! ** 2;
  }
  const moment = gram(columns);
  const trace = squares.reduce((sum, value) => sum + value, 0);
  const energy = moment.data.reduce((sum, value) => sum + value * value, 0);
  const diagonal = squares.reduce((sum, value) => sum + value * value, 0);
  const n = columns.cols;
  return {
    columns,
    squares,
    moment,
    trace,
    energy,
    hsic: hsic(n, energy, diagonal, trace * trace),
  };
}

function centre(values: Float64Array): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  // A constant dimension is exactly zero, not rounding noise that would look like structure.
  const noise = 1e-12 * Math.abs(mean);
  for (let i = 0; i < values.length; i++) {
    const rest = values[i]! - mean;
    values[i] = Math.abs(rest) <= noise ? 0 : rest;
  }
}

/**
 * HSIC_1 of two centred sets from three sums, the unbiased estimate of the Hilbert-Schmidt
 * independence criterion.
 *
 *   HSIC_1 = [ ‖XᵀY‖² - e + t / ((n-1)(n-2)) - 2 e / (n-2) ] / (n (n-3))
 *
 * where e = Σ ‖x_i‖²‖y_i‖² and t = tr K · tr L. Because the sets are centred, the row sums of a
 * Gram matrix without its diagonal are minus that diagonal, so no n × n matrix is needed.
 *
 * Source: Song, Smola, Gretton, Bedo and Borgwardt, JMLR 2012, equation 5; the O(n d²) form follows
 * by expanding it in the features.
 */
export function hsic(n: number, product: number, diagonal: number, traces: number): number {
  const rest = traces / ((n - 1) * (n - 2)) - (2 * diagonal) / (n - 2);
  return (product - diagonal + rest) / (n * (n - 3));
}

/** What two sets share: all that either CKA needs to know of the pairing. */
export interface CkaCross {
  /** ‖XᵀY‖² (Frobenius) = tr(K L). */
  readonly product: number;
  /** Σ_i K_ii L_ii. */
  readonly diagonal: number;
}

/** Costs n·D_a·D_b multiply-adds. @throws AppError `data/shape` when the sets differ in length. */
export function ckaCross(a: CkaSide, b: CkaSide): CkaCross {
  const product = timesTransposed(a.columns, b.columns);
  return {
    product: product.data.reduce((sum, value) => sum + value * value, 0),
    diagonal: a.squares.reduce((sum, value, i) => sum + value * b.squares[i]!, 0),
  };
}

/**
 * Linear CKA without bias: HSIC_1(K, L) / sqrt(HSIC_1(K, K) · HSIC_1(L, L)).
 *
 * 0 on average for unrelated sets whatever n and D; may be slightly negative. NaN where a set does
 * not vary enough for its own HSIC_1 to be positive.
 *
 * Source: Kornblith et al. 2019 with the estimator of Song et al. 2012 (Nguyen et al. 2021).
 */
export function unbiasedCka(a: CkaSide, b: CkaSide, cross = ckaCross(a, b)): number {
  const n = a.columns.cols;
  return normalizeHsic(hsic(n, cross.product, cross.diagonal, a.trace * b.trace), a, b);
}

/** HSIC_1(K, L) divided by the geometric mean of the sets' own; NaN where one is not positive. */
export function normalizeHsic(value: number, a: CkaSide, b: CkaSide): number {
  return a.hsic > 0 && b.hsic > 0 ? value / Math.sqrt(a.hsic * b.hsic) : NaN;
}

/**
 * Linear CKA as usually printed: ‖XᵀY‖² / (‖XᵀX‖ ‖YᵀY‖), in [0, 1].
 *
 * Unrelated sets do not give 0 but about `biasFloor`. NaN where a set does not vary.
 *
 * Source: Kornblith et al. 2019, equation 4.
 */
export function biasedCka(a: CkaSide, b: CkaSide, cross = ckaCross(a, b)): number {
  const self = Math.sqrt(a.energy * b.energy);
  return self > 0 ? cross.product / self : NaN;
}

/**
 * Mean of `biasedCka` over all shuffles of the pairs, exactly: what unrelated sets of this size and
 * spread give.
 *
 *   tr K · tr L / ((n - 1) ‖K‖ ‖L‖) = sqrt(d_a d_b) / (n - 1)
 *
 * with the participation ratios d of the sample. In those of the population, which are larger
 * (d = n D / (n + D)), it reads sqrt(D_a D_b / ((n + D_a)(n + D_b))).
 */
export function biasFloor(a: CkaSide, b: CkaSide): number {
  return Math.sqrt(participationRatio(a) * participationRatio(b)) / (a.columns.cols - 1);
}

/**
 * Effective number of dimensions (Σλ)² / Σλ² over the eigenvalues of the sample's covariance: near
 * D when all directions vary alike and n ≫ D, 1 when one has all the variance, NaN when nothing
 * varies.
 */
export function participationRatio({ trace, energy }: CkaSide): number {
  return energy > 0 ? (trace * trace) / energy : NaN;
}
