import { AppError } from "../../../core/errors";
import { scoreRows, type Matrix } from "../../../core/math/matrix";
import { topK } from "../../../core/math/topK";
import type { ApproximateScores, QuantizedRows } from "./quantizedRows";

/**
 * How a row's dot product with the query becomes its cosine and its score:
 *
 *   cosine = (x·q − shift) · inverseLength,  score = 2 · cosine − penalty
 *
 * What is absent is left out, so plain search is the dot product itself. Both steps grow with x·q
 * also in floating point, so what bounds the product bounds the score.
 */
export interface Scoring {
  /** Of centred rows: x − mean in place of x. `inverses` [rows] ≥ 0, `shift` = mean·q. */
  readonly centred?: { readonly inverses: Float64Array; readonly shift: number } | undefined;
  /** [rows] of CSLS. */
  readonly penalties?: Float64Array | undefined;
}

/** Which rows are ranked. */
export interface Selection {
  /** Ascending. */
  readonly rows: Uint32Array;
  /** [all rows] 1 where ranked; null when all are. */
  readonly mask: Uint8Array | null;
}

export interface ExactTopOptions {
  readonly limit: number;
  readonly selection: Selection;
  readonly scoring: Scoring;
  /** The same rows for a first pass; null: every row is scored in full. */
  readonly quantized: QuantizedRows | null;
}

/** The best rows, best first, and how many were scored in full to find them. */
export interface ExactTop {
  readonly rows: Uint32Array;
  readonly scores: Float64Array;
  readonly cosines: Float64Array;
  readonly candidates: number;
}

/**
 * The `limit` rows with the highest scores, ties in row order: exactly those, in exactly that order
 * and with exactly those scores that scoring every row by `scoreRows` gives.
 *
 * With quantised rows, only those are scored whose score may be among the best: no row is passed
 * over unless its upper bound is below `limit` lower bounds.
 *
 * @param query [P]
 * @throws AppError `data/non-finite` when the query or the score of any ranked row is.
 */
export function exactTop(
  gallery: Matrix,
  query: Float32Array,
  { limit, selection, scoring, quantized }: ExactTopOptions,
): ExactTop {
  if (!query.every(Number.isFinite)) throw new AppError("data/non-finite", "query vector");
  const few = limit < selection.rows.length;
  const rows =
    quantized && few
      ? candidatesOf(quantized, quantized.approximate(query), { limit, selection, scoring })
      : selection.rows;
  const cosines = scoreRows(gallery, rows, query);
  const { centred, penalties } = scoring;
  if (centred) {
    for (let i = 0; i < rows.length; i++) cosines[i] = cosineOf(centred, rows[i]!, cosines[i]!);
  }
  const scores = penalties ? cosines.map((c, i) => 2 * c - penalties[rows[i]!]!) : cosines;
  for (let i = 0; i < scores.length; i++) {
    if (!Number.isFinite(scores[i])) throw new AppError("data/non-finite", "search scores");
  }
  const best = topK(scores, limit);
  return {
    rows: best.map((at) => rows[at]!),
    scores: Float64Array.from(best, (at) => scores[at]!),
    cosines: Float64Array.from(best, (at) => cosines[at]!),
    candidates: rows.length,
  };
}

function cosineOf(
  { inverses, shift }: NonNullable<Scoring["centred"]>,
  row: number,
  product: number,
): number {
  return (product - shift) * inverses[row]!;
}

/** The rows whose upper bound reaches the `limit`-th best lower bound, ascending. */
function candidatesOf(
  { scales, tolerances }: QuantizedRows,
  { dots, factor, length, slack }: ApproximateScores,
  {
    limit,
    selection: { mask },
    scoring: { centred, penalties },
  }: Omit<ExactTopOptions, "quantized">,
): Uint32Array {
  const uppers = new Float64Array(dots.length);
  const best = new Float64Array(limit).fill(-Infinity); // min-heap of lower bounds
  for (let r = 0; r < dots.length; r++) {
    if (mask && mask[r] === 0) continue;
    const product = dots[r]! * scales[r]! * factor;
    const off = slack + tolerances[r]! * length;
    let lower = product - off;
    let upper = product + off;
    if (centred) {
      lower = cosineOf(centred, r, lower);
      upper = cosineOf(centred, r, upper);
    }
    if (penalties) {
      lower = 2 * lower - penalties[r]!;
      upper = 2 * upper - penalties[r]!;
    }
    uppers[r] = upper;
    if (lower > best[0]!) replaceLeast(best, lower);
  }
  const least = best[0] ?? Infinity;
  const kept: number[] = [];
  for (let r = 0; r < dots.length; r++) {
    // NaN is kept: scoring that row in full says what is wrong.
    if (!(uppers[r]! < least) && (!mask || mask[r] === 1)) kept.push(r);
  }
  return Uint32Array.from(kept);
}

/** Puts `value` in place of the root of a min-heap. */
function replaceLeast(heap: Float64Array, value: number): void {
  let parent = 0;
  for (;;) {
    const left = 2 * parent + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const child = right < heap.length && heap[right]! < heap[left]! ? right : left;
    if (heap[child]! >= value) break;
    heap[parent] = heap[child]!;
    parent = child;
  }
  heap[parent] = value;
}
