import { AppError } from "../errors";
import { matrix64, row64, toMatrix64, type Matrix64 } from "../math/linalg/matrix64";
import { addGramRows, addProduct, block, GRAM_ROWS, mirrorLower } from "../math/linalg/product";
import { dot, row, type Matrix } from "../math/matrix";

/** Items of one stream, one row per moment. */
export interface Stream {
  /** [N, D]; what stands in the row of a moment without an item does not matter. */
  readonly rows: Matrix;
  /** [N] 1 where the moment has an item. */
  readonly present: Uint8Array;
}

/** How well two streams agree at an offset, by moment. */
export interface LagAgreement {
  readonly moments: number;
  /**
   * What moment t of one stream says about moment t + lag of the other: their mean is the score of
   * the lag. NaN where one of the two has no item. [N]
   */
  at(lag: number): Float64Array;
  /** The same where moment u of the other stream is what was its moment `order[u]`. */
  shuffled(order: Uint32Array): LagAgreement;
}

/**
 * Agreement by cosine, for unit vectors of one space:
 *
 *   score(lag) = N / (N − 1) · mean over t of ( s_(t, t+lag) − s̄_t − s̄_(t+lag) + s̄ ),  s_tu = f_t · g_u
 *
 * less what either item has in common with all of the other stream: at lag 0 exactly the mean
 * cosine of aligned items less that of all others. 0 is no alignment; a constant stream has 0
 * everywhere. Costs N²·P once, then N per lag. Yields shares done.
 *
 * @throws AppError `data/shape` when the streams differ in length or width, `data/non-finite`.
 */
export function* cosineAgreement(from: Stream, to: Stream): Generator<number, LagAgreement> {
  checkStreams(from, to);
  if (from.rows.cols !== to.rows.cols) {
    throw new AppError("data/shape", `widths ${from.rows.cols} and ${to.rows.cols}`);
  }
  const n = from.rows.rows;
  const cosines = matrix64(n, n);
  const others = withoutAbsent(to);
  for (let start = 0; start < n; start += GRAM_ROWS) {
    const end = Math.min(start + GRAM_ROWS, n);
    const rows = withoutAbsent(from, start, end);
    const size = { m: end - start, n, k: others.cols };
    addProduct(block(rows, 0, 0), block(others, 0, 0), block(cosines, start, 0), size);
    yield end / n;
  }
  const [asked, all] = [countOf(from), countOf(to)];
  const rest = asked * all - Math.min(asked, all);
  doubleCentre(cosines, { from, to, scale: rest > 0 ? (asked * all) / rest : 0 });
  return pointwise(cosines, from.present, to.present);
}

/**
 * Agreement by unbiased CKA, for embeddings of any two encoders:
 *
 *   score(lag) = 1 / (n (n − 3)) Σ_(i≠j) A_ij · B_(i+lag, j+lag) / √(HSIC(A) · HSIC(B))
 *
 * over the n moments that have a partner, with A and B the linear Gram matrices of all items,
 * U-centred. At lag 0 it is `unbiasedCka`. Streams that do not vary agree with nothing: 0.
 *
 * Costs N²·D for either stream once, then N² per lag. Yields shares done.
 *
 * @throws AppError `data/shape` when the streams differ in length, `data/non-finite`.
 *
 * Source: Székely and Rizzo 2014, Annals of Statistics 42(6), section 2 (U-centring); its inner
 * product is the HSIC_1 of Song et al. 2012.
 */
export function* ckaAgreement(from: Stream, to: Stream): Generator<number, LagAgreement> {
  checkStreams(from, to);
  const a = yield* centredGram(from, 0);
  const b = yield* centredGram(to, 0.5);
  const energy = Math.sqrt(a.hsic * b.hsic);
  return gramwise(
    { gram: a.gram, present: from.present },
    { gram: b.gram, present: to.present },
    energy > 0 ? 1 / energy : 0,
  );
}

/** Agreement whose value for moments t and u is an entry of a table [N, N]. */
function pointwise(table: Matrix64, from: Uint8Array, to: Uint8Array): LagAgreement {
  return {
    moments: table.rows,
    at: (lag) => byMoment(from, to, lag, (t) => table.data[t * table.cols + t + lag]!),
    shuffled(order) {
      const out = matrix64(table.rows, table.cols);
      for (let t = 0; t < table.rows; t++) {
        const [own, target] = [row64(table, t), row64(out, t)];
        for (let u = 0; u < order.length; u++) target[u] = own[order[u]!]!;
      }
      return pointwise(out, from, reordered(to, order));
    },
  };
}

interface GramSide {
  /** [N, N] U-centred, zero where there is no item. */
  readonly gram: Matrix64;
  readonly present: Uint8Array;
}

function gramwise(from: GramSide, to: GramSide, scale: number): LagAgreement {
  const moments = from.gram.rows;
  return {
    moments,
    at(lag) {
      const [first, last] = [Math.max(0, -lag), Math.min(moments, moments - lag)];
      const sums = byMoment(from.present, to.present, lag, (t) =>
        dot(
          row64(from.gram, t).subarray(first, last),
          row64(to.gram, t + lag).subarray(first + lag, last + lag),
        ),
      );
      const pairs = sums.filter(Number.isFinite).length;
      return sums.map((sum) => (pairs > 3 ? (sum * scale) / (pairs - 3) : 0 * sum));
    },
    shuffled(order) {
      const gram = matrix64(moments, moments);
      for (let u = 0; u < moments; u++) {
        const [own, target] = [row64(to.gram, order[u]!), row64(gram, u)];
        for (let v = 0; v < moments; v++) target[v] = own[order[v]!]!;
      }
      return gramwise(from, { gram, present: reordered(to.present, order) }, scale);
    },
  };
}

function checkStreams(from: Stream, to: Stream): void {
  if (from.rows.rows !== to.rows.rows) {
    throw new AppError("data/shape", `${from.rows.rows} and ${to.rows.rows} moments`);
  }
  for (const { rows, present } of [from, to]) {
    for (let t = 0; t < rows.rows; t++) {
      if (present[t] === 1 && !row(rows, t).every(Number.isFinite)) {
        throw new AppError("data/non-finite", `item at position ${t + 1} in time`);
      }
    }
  }
}

/** `value` of the moments that have an item on both sides, NaN for the others. [N] */
function byMoment(from: Uint8Array, to: Uint8Array, lag: number, value: (t: number) => number) {
  const out = new Float64Array(from.length).fill(NaN);
  for (let t = 0; t < out.length; t++) {
    if (from[t] === 1 && to[t + lag] === 1) out[t] = value(t);
  }
  return out;
}

const countOf = ({ present }: Stream) => present.reduce((sum, one) => sum + one, 0);

const reordered = (present: Uint8Array, order: Uint32Array) =>
  Uint8Array.from(order, (u) => present[u]!);

/** Rows `start` to `end` in float64, zero where there is no item. */
function withoutAbsent({ rows, present }: Stream, start = 0, end = rows.rows): Matrix64 {
  const out = toMatrix64(rows, start, end);
  for (let t = start; t < end; t++) if (present[t] !== 1) row64(out, t - start).fill(0);
  return out;
}

interface Centring {
  readonly from: Stream;
  readonly to: Stream;
  readonly scale: number;
}

/** Takes off the mean of each row and of each column, over present items; then scales. */
function doubleCentre(table: Matrix64, { from, to, scale }: Centring): void {
  const { data, rows, cols } = table;
  const [asked, all] = [countOf(from), countOf(to)];
  const ofRow = new Float64Array(rows);
  const ofColumn = new Float64Array(cols);
  for (let t = 0; t < rows; t++) {
    for (let u = 0; u < cols; u++) {
      ofRow[t] = ofRow[t]! + data[t * cols + u]! / all; // absent items have zeros
      ofColumn[u] = ofColumn[u]! + data[t * cols + u]! / asked;
    }
  }
  const whole = ofRow.reduce((sum, mean) => sum + mean / asked, 0);
  for (let t = 0; t < rows; t++) {
    for (let u = 0; u < cols; u++) {
      const at = t * cols + u;
      data[at] = scale * (data[at]! - ofRow[t]! - ofColumn[u]! + whole);
    }
  }
}

/** The U-centred linear Gram matrix of a stream, zero where there is no item, and its HSIC_1. */
function* centredGram({ rows, present }: Stream, done: number) {
  const kept = Uint32Array.from(present.keys()).filter((t) => present[t] === 1);
  const items = centredItems(rows, kept);
  const n = kept.length;
  const products = matrix64(n, n);
  for (let start = 0; start < n; start += GRAM_ROWS) {
    addGramRows(items, products, start);
    yield done + 0.5 * Math.min(1, (start + GRAM_ROWS) / n);
  }
  const gram = matrix64(rows.rows, rows.rows);
  if (n <= 3) return { gram, hsic: 0 }; // too few to tell anything
  mirrorLower(products);
  for (let i = 0; i < n; i++) products.data[i * n + i] = 0;
  const sums = Float64Array.from(kept, (_, i) => row64(products, i).reduce((s, v) => s + v, 0));
  const total = sums.reduce((sum, value) => sum + value, 0) / ((n - 1) * (n - 2));
  let energy = 0;
  for (let i = 0; i < n; i++) {
    const target = row64(gram, kept[i]!);
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const value = products.data[i * n + j]! - (sums[i]! + sums[j]!) / (n - 2) + total;
      target[kept[j]!] = value;
      energy += value * value;
    }
  }
  return { gram, hsic: energy / (n * (n - 3)) };
}

/** The rows named, each dimension less its mean: [kept.length, D]. */
function centredItems(rows: Matrix, kept: Uint32Array): Matrix64 {
  const items = matrix64(kept.length, rows.cols);
  for (let d = 0; d < rows.cols; d++) {
    let mean = 0;
    for (const t of kept) mean += rows.data[t * rows.cols + d]! / kept.length;
    // A constant dimension is exactly zero, not rounding noise that would look like structure.
    const noise = 1e-12 * Math.abs(mean);
    kept.forEach((t, i) => {
      const rest = rows.data[t * rows.cols + d]! - mean;
      items.data[i * rows.cols + d] = Math.abs(rest) <= noise ? 0 : rest;
    });
  }
  return items;
}
