import type { AlignmentData, PairTable } from "../../../core/domain/alignmentData";
import { AppError } from "../../../core/errors";
import { takeSpaced } from "../../../core/math/evenlySpaced";
import { matrix64, type Matrix64 } from "../../../core/math/linalg/matrix64";
import { addProduct, block } from "../../../core/math/linalg/product";
import { takeRows } from "../../../core/math/matrix";
import { galleriesOf } from "../../../core/metrics/evaluateRetrieval";
import type { MutualRelevance, Relevance } from "../../../core/metrics/relevance";
import { centreRows, type TrainingMoments } from "./moments";

const MAXIMUM_PAIRS = 1_000; // one grid point costs at most 1,000 x 1,000 scores
const DEPTH = 10; // recall@1 to recall@10

/** The validation items hyper-parameters are chosen on, centred with the training means. */
export interface SelectionSet {
  /** [I, D_image] and [T, D_text]. */
  readonly image: Matrix64;
  readonly text: Matrix64;
  readonly relevance: MutualRelevance;
}

/** The validation split, at most 1,000 evenly spaced pairs of it; null when it is empty. */
export function openSelection(data: AlignmentData, moments: TrainingMoments): SelectionSet | null {
  const pairs = spacedPairs(data.pairs);
  if (pairs.length === 0) return null;
  const { imageRows, textRows, relevance } = galleriesOf(pairs, "validation");
  return {
    image: centreRows(takeRows(data.image, imageRows), moments.image.mean),
    text: centreRows(takeRows(data.text, textRows), moments.text.mean),
    relevance,
  };
}

function spacedPairs(pairs: PairTable): PairTable {
  const all = Array.from(pairs.split.keys()).filter((p) => pairs.split[p] === "validation");
  const kept = takeSpaced(all, MAXIMUM_PAIRS);
  return {
    length: kept.length,
    image: Uint32Array.from(kept, (p) => pairs.image[p]!),
    text: Uint32Array.from(kept, (p) => pairs.text[p]!),
    split: kept.map(() => "validation"),
    component: Uint32Array.from(kept, (p) => pairs.component[p]!),
  };
}

/**
 * How well the first s dimensions of two projections retrieve, for every s asked for.
 *
 *   score_ij = Σ_k≤s w_k u_ik v_jk / (‖u_i‖_s ‖v_j‖_s)
 *
 * The value is the mean of recall@1 to recall@10 over both directions, in [0, 1]: finer than
 * recall@1 alone, which moves in steps of one query. All s together cost one full product.
 *
 * @param u [I, r], `v` [T, r], `weights` [r] (ones when left out).
 * @param sizes ascending, each at most r.
 * @throws AppError `data/non-finite`.
 */
export function scorePrefixes(
  u: Matrix64,
  v: Matrix64,
  sizes: readonly number[],
  relevance: MutualRelevance,
  weights?: Float64Array,
): number[] {
  const weighted = weights ? scaleColumns(u, weights) : u;
  const products = matrix64(u.rows, v.rows);
  const cosines = matrix64(u.rows, v.rows);
  const squares = { u: new Float64Array(u.rows), v: new Float64Array(v.rows) };
  let done = 0;
  return sizes.map((size) => {
    const shape = { m: u.rows, n: v.rows, k: size - done };
    addProduct(block(weighted, 0, done), block(v, 0, done), block(products, 0, 0), shape);
    addSquares(u, squares.u, done, size);
    addSquares(v, squares.v, done, size);
    done = size;
    for (let i = 0; i < u.rows; i++) {
      for (let j = 0; j < v.rows; j++) {
        const norms = Math.sqrt(squares.u[i]!) * Math.sqrt(squares.v[j]!);
        cosines.data[i * v.rows + j] = products.data[i * v.rows + j]! / Math.max(norms, 1e-300);
      }
    }
    return meanRecall(cosines, relevance);
  });
}

/** `m` with column k multiplied by `factors[k]`. */
export function scaleColumns(m: Matrix64, factors: Float64Array): Matrix64 {
  return matrix64(
    m.rows,
    m.cols,
    m.data.map((value, at) => value * factors[at % m.cols]!),
  );
}

function addSquares(m: Matrix64, sums: Float64Array, from: number, to: number): void {
  for (let i = 0; i < m.rows; i++) {
    for (let k = from; k < to; k++) sums[i] = sums[i]! + m.data[i * m.cols + k]! ** 2;
  }
}

/** Mean of recall@1 to recall@10 over both directions of a score matrix [I, T]. */
export function meanRecall(scores: Matrix64, relevance: MutualRelevance): number {
  const { rows, cols } = scores;
  const forth = directionRecall(scores.data, relevance.imageToText, cols, cols, 1);
  const back = directionRecall(scores.data, relevance.textToImage, rows, 1, cols);
  return (forth + back) / 2;
}

function directionRecall(
  scores: Float64Array,
  { queries, starts, items }: Relevance,
  gallery: number,
  queryStride: number,
  itemStride: number,
): number {
  let sum = 0;
  for (let q = 0; q < queries; q++) {
    let best = -Infinity;
    let ties = 0;
    for (let p = starts[q]!; p < starts[q + 1]!; p++) {
      const score = scores[q * queryStride + items[p]! * itemStride]!;
      if (score > best) ties = 0;
      if (score >= best) ties++;
      best = Math.max(best, score);
    }
    // Covers every score: each belongs to a query, and NaN spreads through its row or column.
    if (!Number.isFinite(best)) throw new AppError("data/non-finite", `validation query ${q}`);
    let above = -ties;
    for (let j = 0; j < gallery; j++) {
      if (scores[q * queryStride + j * itemStride]! >= best) above++;
    }
    sum += Math.max(0, DEPTH - above) / DEPTH;
  }
  return sum / queries;
}

/** Index of the largest value; the first of equals, so that the smaller model wins. */
export function indexOfMaximum(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}

/**
 * The value of an ascending grid from which neither neighbour scores higher, starting at `start`.
 *
 * Three values asked where `start` is best, one more per step away from it. A grid with two peaks
 * may give the nearer one.
 */
export async function climb(
  grid: readonly number[],
  start: number,
  scoreOf: (value: number) => Promise<number>,
): Promise<number> {
  const scores = new Map<number, number>();
  const scoreAt = async (i: number) => {
    const value = grid[i];
    if (value === undefined) return -Infinity;
    if (!scores.has(i)) scores.set(i, await scoreOf(value));
    return scores.get(i)!;
  };
  for (let at = Math.max(0, grid.indexOf(start)); ;) {
    const here = await scoreAt(at);
    const [below, above] = [await scoreAt(at - 1), await scoreAt(at + 1)];
    if (Math.max(below, above) <= here) return grid[at]!;
    at += below > above ? -1 : 1;
  }
}

/** Widths of a shared space that are tried, up to and including the full rank. */
export function rankGrid(rank: number): number[] {
  const grid = [8, 16, 32, 64, 96, 128, 192, 256, 320, 384, 512, 768, 1024, 2048];
  return [...grid.filter((size) => size < rank), rank];
}
