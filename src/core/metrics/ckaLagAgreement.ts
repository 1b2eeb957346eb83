import { matrix64, type Matrix64 } from "../math/linalg/matrix64";
import { row, type Matrix } from "../math/matrix";
import { centred, checkStreams, countOf, pairCounts, partners } from "./lagAgreement";
import type { LagAgreement, Stream } from "./lagAgreement";
import { laggedProducts } from "./laggedProducts";
import { unrelatedProducts } from "./productSurrogates";

/**
 * Agreement by unbiased CKA, for embeddings of any two encoders:
 *
 *   score(lag) = 1 / (n (n − 3)) Σ_(i≠j) A_ij · B_(i+lag, j+lag) / √(HSIC(A) · HSIC(B))
 *
 * over the n moments that have a partner, with A and B the linear Gram matrices of all items,
 * U-centred. At lag 0 it is `unbiasedCka`. Streams that do not vary agree with nothing: 0.
 *
 * No Gram matrix is made: A_ij = x̃_iᵀ Q x̃_j for i ≠ j, where x̃ is x with two more columns, so the
 * sum over all i and j is ⟨Q_A C Q_B, C⟩ for the cross-products C of the streams at that offset.
 * Memory grows with N · D, time with N · P · Q. Yields shares done.
 *
 * @throws AppError `data/shape` when the streams differ in length, `data/non-finite`.
 *
 * Source: Székely and Rizzo 2014, Annals of Statistics 42(6), section 2 (U-centring); its inner
 * product is the HSIC_1 of Song et al. 2012.
 */
export function* ckaAgreement(
  from: Stream,
  to: Stream,
  most: number,
): Generator<number, LagAgreement> {
  checkStreams(from, to);
  const [a, b] = [gramOf(from), gramOf(to)];
  const energy = Math.sqrt(hsicOf(a) * hsicOf(b));
  const scale = energy > 0 ? 1 / energy : 0;
  const pairs = pairCounts(from.present, to.present, most);
  const products = yield* laggedProducts(a.rows, b.rows, most);
  const forms = Array.from({ length: products.rows }, (_, i) => formOf(products, i, a, b));
  const parts = (lag: number, start: number, end: number) => {
    const moments = partners(from.present, to.present, { lag, start, end });
    return sumOver(moments, lag, { a, b, form: forms[lag + most]! });
  };
  return {
    moments: a.rows.rows,
    most,
    scores: Float64Array.from(forms, (form, i) => {
      const n = pairs[i]!;
      if (n <= 3) return n === 0 ? NaN : 0; // too few to tell anything
      const lag = i - most;
      const all = inner(form, products.data.subarray(i * form.length, (i + 1) * form.length));
      return ((all - diagonal(a, b, lag)) * scale) / (n * (n - 3));
    }),
    pairs,
    part(lag, start, end) {
      const { sum, known } = parts(lag, start, end);
      const n = pairs[lag + most]!;
      return { sum: n > 3 ? (sum * scale) / (n - 3) : 0, pairs: known };
    },
    unrelated: (count, random) => {
      const [x, y] = [withoutLast(a.rows, 2), withoutLast(b.rows, 2)];
      const present = [a.count, b.count] as const;
      return unrelatedProducts({ x, y, most, pairs, scale, present }, count, random);
    },
  };
}

/** A U-centred linear Gram matrix without its diagonal: A_ij = rows_iᵀ Q rows_j for i ≠ j. */
interface ImplicitGram {
  /** [N, D + 2]: x, |x|² / (n − 2) and 1; zeros where there is no item. */
  readonly rows: Matrix;
  /** What the formula gives for i = j, where A has nothing. [N] */
  readonly diagonal: Float64Array;
  /** The lower right entry of Q, which beside it has ones for x · x and for the two others crossed. */
  readonly corner: number;
  readonly count: number;
}

function gramOf(stream: Stream): ImplicitGram {
  const { present } = stream;
  const rows = centred(stream, 2);
  const count = countOf(stream);
  const width = rows.cols - 2;
  const diagonal = new Float64Array(rows.rows);
  if (count <= 3) return { rows, diagonal, corner: 0, count };
  let total = 0;
  for (let t = 0; t < rows.rows; t++) {
    if (present[t] !== 1) continue;
    const own = row(rows, t);
    let square = 0;
    for (let d = 0; d < width; d++) square += own[d]! ** 2;
    own[width] = square / (count - 2);
    own[width + 1] = 1;
    total += square;
    diagonal[t] = square + 2 * own[width]!;
  }
  const corner = -total / ((count - 1) * (count - 2));
  for (let t = 0; t < rows.rows; t++) if (present[t] === 1) diagonal[t] = diagonal[t]! + corner;
  return { rows, diagonal, corner, count };
}

/** HSIC_1 of a stream with itself. */
function hsicOf(gram: ImplicitGram): number {
  const { rows, count } = gram;
  if (count <= 3) return 0;
  const own = matrix64(1, rows.cols ** 2);
  for (let t = 0; t < rows.rows; t++) {
    for (let i = 0; i < rows.cols; i++) {
      const left = rows.data[t * rows.cols + i]!;
      for (let j = 0; j < rows.cols; j++) {
        const at = i * rows.cols + j;
        own.data[at] = own.data[at]! + left * rows.data[t * rows.cols + j]!;
      }
    }
  }
  const all = inner(formOf(own, 0, gram, gram), own.data);
  return Math.max(0, all - diagonal(gram, gram, 0)) / (count * (count - 3));
}

/** Q_A C Q_B, for the cross-products C [P, Q] in one row of a table. */
function formOf(table: Matrix64, at: number, a: ImplicitGram, b: ImplicitGram): Float64Array {
  const [p, q] = [a.rows.cols, b.rows.cols];
  const out = table.data.slice(at * p * q, (at + 1) * p * q);
  for (let j = 0; j < q; j++) {
    const [square, one] = [out[(p - 2) * q + j]!, out[(p - 1) * q + j]!];
    out[(p - 2) * q + j] = one;
    out[(p - 1) * q + j] = square + a.corner * one;
  }
  for (let i = 0; i < p; i++) {
    const [square, one] = [out[i * q + q - 2]!, out[i * q + q - 1]!];
    out[i * q + q - 2] = one;
    out[i * q + q - 1] = square + b.corner * one;
  }
  return out;
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Σ_t A_tt B_(t+lag, t+lag) of the implicit formulas, which the Gram matrices do not have. */
function diagonal(a: ImplicitGram, b: ImplicitGram, lag: number): number {
  let sum = 0;
  const end = Math.min(a.diagonal.length, b.diagonal.length - lag);
  for (let t = Math.max(0, -lag); t < end; t++) sum += a.diagonal[t]! * b.diagonal[t + lag]!;
  return sum;
}

/** Σ over the moments of Σ_(j≠t) A_tj B_(t+lag, j+lag). */
function sumOver(
  moments: Iterable<number>,
  lag: number,
  { a, b, form }: { a: ImplicitGram; b: ImplicitGram; form: Float64Array },
) {
  const [p, q] = [a.rows.cols, b.rows.cols];
  let [sum, known] = [0, 0];
  for (const t of moments) {
    const [left, right] = [t * p, (t + lag) * q];
    let value = -a.diagonal[t]! * b.diagonal[t + lag]!;
    for (let i = 0; i < p; i++) {
      let along = 0;
      for (let j = 0; j < q; j++) along += form[i * q + j]! * b.rows.data[right + j]!;
      value += a.rows.data[left + i]! * along;
    }
    sum += value;
    known++;
  }
  return { sum, known };
}

function withoutLast({ data, rows, cols }: Matrix, last: number): Matrix {
  const kept = new Float32Array(rows * (cols - last));
  for (let t = 0; t < rows; t++) {
    kept.set(data.subarray(t * cols, (t + 1) * cols - last), t * (cols - last));
  }
  return { data: kept, rows, cols: cols - last };
}
