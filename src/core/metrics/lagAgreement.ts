import { AppError } from "../errors";
import { matrix, row, type Matrix } from "../math/matrix";
import type { Rng } from "../math/rng";
import { laggedDots } from "./laggedProducts";
import { unrelatedDots } from "./phaseSurrogates";

/** Items of one stream, one row per moment. */
export interface Stream {
  /** [N, D]; what stands in the row of a moment without an item does not matter. */
  readonly rows: Matrix;
  /** [N] 1 where the moment has an item. */
  readonly present: Uint8Array;
}

/** How well two streams agree by the offset between them; entry i is of offset i − most. */
export interface LagAgreement {
  readonly moments: number;
  readonly most: number;
  /** [2 most + 1]; NaN where no moment has a partner. */
  readonly scores: Float64Array;
  /** Moments that have a partner, by offset. [2 most + 1] */
  readonly pairs: Uint32Array;
  /**
   * Sum of what the moments from `start` to before `end` add to the score of an offset, as
   * `pairs · score`, and how many of them have a partner.
   */
  part(lag: number, start: number, end: number): LagPart;
  /** The largest score over all offsets of `count` streams made alike but tied to nothing. */
  unrelated(count: number, random: Rng): Generator<number, number[]>;
}

export interface LagPart {
  readonly sum: number;
  readonly pairs: number;
}

/**
 * Agreement by cosine, for unit vectors of one space:
 *
 *   score(lag) = N / (N − 1) · mean over t of ( s_(t, t+lag) − s̄_t − s̄_(t+lag) + s̄ ),  s_tu = f_t · g_u
 *
 * less what either item has in common with all of the other stream: at lag 0 exactly the mean
 * cosine of aligned items less that of all others. 0 is no alignment; a constant stream has 0
 * everywhere. It is computed as (f_t − f̄) · (g_(t+lag) − ḡ), so memory grows with N · P and time
 * with N · P · log(most). Yields shares done.
 *
 * @throws AppError `data/shape` when the streams differ in length or width, `data/non-finite`.
 */
export function* cosineAgreement(
  from: Stream,
  to: Stream,
  most: number,
): Generator<number, LagAgreement> {
  checkStreams(from, to);
  if (from.rows.cols !== to.rows.cols) {
    throw new AppError("data/shape", `widths ${from.rows.cols} and ${to.rows.cols}`);
  }
  const [x, y] = [centred(from), centred(to)];
  const pairs = pairCounts(from.present, to.present, most);
  const [asked, all] = [countOf(from), countOf(to)];
  const rest = asked * all - Math.min(asked, all);
  const scale = rest > 0 ? (asked * all) / rest : 0;
  const sums = yield* laggedDots(x, y, most);
  return {
    moments: x.rows,
    most,
    scores: sums.map((sum, i) => (scale * sum) / pairs[i]!),
    pairs,
    part(lag, start, end) {
      let [sum, known] = [0, 0];
      for (const t of partners(from.present, to.present, { lag, start, end })) {
        sum += dotAt(x, t, y, t + lag);
        known++;
      }
      return { sum: scale * sum, pairs: known };
    },
    unrelated: (count, random) =>
      unrelatedDots({ x, y, most, pairs, scale, present: [asked, all] }, count, random),
  };
}

/** @throws AppError `data/shape`, `data/non-finite` naming the place in time. */
export function checkStreams(from: Stream, to: Stream): void {
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

/** The moments from `start` to before `end` that have an item on both sides of an offset. */
export function* partners(
  from: Uint8Array,
  to: Uint8Array,
  { lag, start, end }: { readonly lag: number; readonly start: number; readonly end: number },
): Generator<number> {
  for (let t = Math.max(start, -lag); t < Math.min(end, to.length - lag); t++) {
    if (from[t] === 1 && to[t + lag] === 1) yield t;
  }
}

/** Moments with an item on both sides, by offset. [2 most + 1] */
export function pairCounts(from: Uint8Array, to: Uint8Array, most: number): Uint32Array {
  return Uint32Array.from({ length: 2 * most + 1 }, (_, i) => {
    const lag = i - most;
    let count = 0;
    for (let t = Math.max(0, -lag); t < Math.min(from.length, to.length - lag); t++) {
      count += from[t]! & to[t + lag]!;
    }
    return count;
  });
}

export const countOf = ({ present }: Stream) => present.reduce((sum, one) => sum + one, 0);

/**
 * A stream less its mean over the moments that have an item, zeros where there is none: [N, D], or
 * [N, D + more] with more columns of zeros.
 */
export function centred({ rows, present }: Stream, more = 0): Matrix {
  const out = matrix(rows.rows, rows.cols + more);
  const means = new Float64Array(rows.cols);
  const count = countOf({ rows, present });
  for (let t = 0; t < rows.rows; t++) {
    if (present[t] !== 1) continue;
    for (let d = 0; d < rows.cols; d++)
      means[d] = means[d]! + rows.data[t * rows.cols + d]! / count;
  }
  for (let t = 0; t < rows.rows; t++) {
    if (present[t] !== 1) continue;
    for (let d = 0; d < rows.cols; d++) {
      const mean = means[d]!;
      const rest = rows.data[t * rows.cols + d]! - mean;
      // A constant dimension is exactly zero, not rounding noise that would look like structure.
      out.data[t * out.cols + d] = Math.abs(rest) <= 1e-10 * Math.abs(mean) ? 0 : rest;
    }
  }
  return out;
}

function dotAt(x: Matrix, t: number, y: Matrix, u: number): number {
  let [a, b, sum] = [t * x.cols, u * y.cols, 0];
  for (const end = a + x.cols; a < end; a++, b++) sum += x.data[a]! * y.data[b]!;
  return sum;
}
