import type { DataCheck } from "../../core/domain/edit";
import {
  matrix,
  normalizeRows,
  row,
  scoreRows,
  takeRows,
  type Matrix,
} from "../../core/math/matrix";
import { permutation, rng, seedFrom } from "../../core/math/rng";

/** Furthest shift looked at, in rows, either way. */
export const MAX_OFFSET = 5;

/** Rows compared: 500² similarities per shift are about a second in all, and enough to be sure. */
const SAMPLE_ROWS = 500;

/** Fewer rows and a shift by chance looks like one by mistake. */
const LEAST_ROWS = 50;

/** Rows on either side that a row is compared with: as many as shifts looked at. */
const AROUND = MAX_OFFSET;

const PERMUTATIONS = 50;

/** How far the best shift must stand out from the other ten, in their standard deviations… */
const CLEAR_AMONG_SHIFTS = 4;
/** …and beat shift 0, in standard deviations of the score under shuffling. */
const CLEAR_OF_CHANCE = 6;

export interface OffsetScores {
  /** Unbiased linear CKA of files against captions `offset` rows further, offsets −5 to 5. */
  readonly scores: readonly { readonly offset: number; readonly cka: number }[];
  /** Standard deviation of the score when captions are shuffled. */
  readonly deviation: number;
  /** The shift that beats 0 by a clear margin, or 0. */
  readonly offset: number;
}

/**
 * Whether captions belong to files a constant number of rows away.
 *
 * Unbiased linear CKA (Kornblith et al. 2019, eq. 3, with the estimator of Song et al. 2012, eq. 5)
 * of the sampled files against the captions of their own rows, and of rows up to five away.
 *
 * @param media [N, D] embedding of the file of each row, in row order.
 * @param texts [N, E] embedding of its caption.
 * @param tick  called between shifts: lets a cancellation in, and may throw.
 * @returns null below 60 rows.
 */
export async function scoreOffsets(
  media: Matrix,
  texts: Matrix,
  tick: () => Promise<void> = async () => {},
): Promise<OffsetScores | null> {
  const usable = media.rows - 2 * MAX_OFFSET;
  if (usable < LEAST_ROWS) return null;
  const n = Math.min(SAMPLE_ROWS, usable);
  const rows = Array.from(
    { length: n },
    (_, i) => MAX_OFFSET + Math.floor(((i + 0.5) * usable) / n),
  );
  const left = centredSimilarities(localResiduals(media, rows));
  const right = (offset: number) =>
    centredSimilarities(
      localResiduals(
        texts,
        rows.map((r) => r + offset),
      ),
    );
  const offsets = Array.from({ length: 2 * MAX_OFFSET + 1 }, (_, i) => i - MAX_OFFSET);
  const scores: OffsetScores["scores"][number][] = [];
  for (const offset of offsets) {
    await tick();
    scores.push({ offset, cka: product(left, right(offset)) });
  }
  const deviation = shuffledDeviation(left, right(0), n);
  const best = scores.reduce((top, score) => (score.cka > top.cka ? score : top));
  const here = scores[MAX_OFFSET] ?? best;
  const isClear =
    best.cka - here.cka > CLEAR_OF_CHANCE * deviation &&
    standsOut(
      best.cka,
      scores.filter((score) => score !== best).map(({ cka }) => cka),
    );
  return { scores, deviation, offset: isClear ? best.offset : 0 };
}

function standsOut(value: number, others: readonly number[]): boolean {
  const mean = others.reduce((sum, other) => sum + other, 0) / others.length;
  const squares = others.reduce((sum, other) => sum + (other - mean) ** 2, 0);
  return value - mean > CLEAR_AMONG_SHIFTS * Math.sqrt(squares / (others.length - 1));
}

/** The verdict on a constant row offset as a check. */
export function checkRowOffset(
  outcome: OffsetScores | { readonly missing: string },
  pairs: readonly number[],
): DataCheck {
  const common = { id: "row-offset", name: "constant row offset", action: null } as const;
  if ("missing" in outcome) {
    return { ...common, count: null, detail: `Not computed: ${outcome.missing}.`, groups: [] };
  }
  const { offset, scores } = outcome;
  const at = (wanted: number) =>
    (scores.find((score) => score.offset === wanted)?.cka ?? NaN).toFixed(2);
  if (offset === 0) {
    return {
      ...common,
      count: 0,
      detail: `Files agree best with the captions of their own rows, or with no row clearly better (CKA ${at(0)}).`,
      groups: [],
    };
  }
  const distance = `${Math.abs(offset)} ${Math.abs(offset) === 1 ? "row" : "rows"}`;
  return {
    ...common,
    count: pairs.length,
    detail: `Files agree with the captions ${distance} ${offset > 0 ? "further down" : "further up"} (CKA ${at(offset)}) and not with their own (${at(0)}): shift the caption column in the metadata and import again.`,
    groups: [pairs],
  };
}

/**
 * Each row, normalised, less the mean of the rows around it. Data sets are sorted by topic, so a
 * neighbour's caption fits nearly as well as one's own; what is left here is only what tells a row
 * from its neighbours.
 */
function localResiduals(m: Matrix, rows: readonly number[]): Matrix {
  const out = matrix(rows.length, m.cols);
  rows.forEach((r, i) => {
    const around = Array.from({ length: 2 * AROUND + 1 }, (_, k) => r + k - AROUND);
    const near = around.filter((k) => k !== r && k >= 0 && k < m.rows);
    const unit = normalizeRows(takeRows(m, [r, ...near]));
    const own = row(out, i);
    own.set(row(unit, 0));
    for (let k = 1; k < unit.rows; k++) {
      const neighbour = row(unit, k);
      for (let d = 0; d < own.length; d++) own[d]! -= neighbour[d]! / near.length;
    }
  });
  return out;
}

/**
 * Cosine similarities between rows, U-centred (Székely & Rizzo 2014, eq. 3.1): [n, n] with a zero
 * diagonal, scaled to norm 1 so that the product of two is their unbiased CKA.
 */
function centredSimilarities(m: Matrix): Float64Array {
  const n = m.rows;
  const unit = normalizeRows(m);
  const out = new Float64Array(n * n);
  const all = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = 0; i < n; i++) {
    scoreRows(unit, all.subarray(i + 1), row(unit, i)).forEach((score, k) => {
      const j = i + 1 + k;
      out[i * n + j] = score;
      out[j * n + i] = score;
    });
  }
  const sums = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) sums[i]! += out[i * n + j]!;
  const total = sums.reduce((all, sum) => all + sum, 0) / ((n - 1) * (n - 2));
  let norm = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      out[at] = i === j ? 0 : out[at]! - (sums[i]! + sums[j]!) / (n - 2) + total;
      norm += out[at]! ** 2;
    }
  }
  const scale = norm > 0 ? 1 / Math.sqrt(norm) : 0; // equal rows agree with nothing
  return out.map((value) => value * scale);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function shuffledDeviation(a: Float64Array, b: Float64Array, n: number): number {
  let squares = 0;
  for (let k = 0; k < PERMUTATIONS; k++) {
    const order = permutation(n, rng(seedFrom("row-offset", k)));
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const start = order[i]! * n;
      for (let j = 0; j < n; j++) sum += a[i * n + j]! * b[start + order[j]!]!;
    }
    squares += sum ** 2; // its mean under shuffling is 0
  }
  return Math.sqrt(squares / PERMUTATIONS);
}
