import { AppError } from "../errors";
import { dot, row, type Matrix } from "../math/matrix";
import type { MutualRelevance, Relevance } from "./relevance";
import { forEachScores } from "./scoreBlocks";

/**
 * Rank (0 = best) of the first relevant gallery item for each query, by dot product.
 *
 *   rank_i = #{ j irrelevant : s_ij >= max { s_ip : p relevant } }
 *
 * Ties count against the query, so a collapsed projector (all rows equal) ranks last, not first.
 *
 * @param queries [Q, D]; cosine ranking when rows are L2-normalised.
 * @param gallery [G, D]
 * @returns [Q] ranks in [0, G). Costs Q·G·D multiply-adds (0.4 s for 1,000 × 1,000 × 512) and 1 MB.
 * @throws AppError `data/shape`, `data/non-finite`, or `data/no-match`.
 */
export function firstHitRanks(
  queries: Matrix,
  gallery: Matrix,
  relevance: Relevance,
): Uint32Array<ArrayBuffer> {
  const best = bestRelevant(queries, gallery, relevance);
  const ranks = new Uint32Array(queries.rows);
  forEachScores(queries, gallery, (scores, width, i0, height) => {
    for (let i = 0; i < height; i++) {
      ranks[i0 + i]! += countAtLeast(scores, i * width, width, best.scores[i0 + i]!);
    }
  });
  return withoutRelevant(ranks, best);
}

/**
 * `firstHitRanks` in both directions from one pass over the scores: half the cost.
 *
 * @throws AppError `data/shape`, `data/non-finite`, or `data/no-match`.
 */
export function mutualFirstHitRanks(
  images: Matrix,
  texts: Matrix,
  relevance: MutualRelevance,
): { imageToText: Uint32Array<ArrayBuffer>; textToImage: Uint32Array<ArrayBuffer> } {
  const bestText = bestRelevant(images, texts, relevance.imageToText);
  const bestImage = bestRelevant(texts, images, relevance.textToImage);
  const imageToText = new Uint32Array(images.rows);
  const textToImage = new Uint32Array(texts.rows);
  forEachScores(images, texts, (scores, width, i0, height, j0) => {
    for (let i = 0; i < height; i++) {
      const start = i * width;
      imageToText[i0 + i]! += countAtLeast(scores, start, width, bestText.scores[i0 + i]!);
      for (let j = 0; j < width; j++) {
        if (scores[start + j]! >= bestImage.scores[j0 + j]!) textToImage[j0 + j]!++;
      }
    }
  });
  return {
    imageToText: withoutRelevant(imageToText, bestText),
    textToImage: withoutRelevant(textToImage, bestImage),
  };
}

/** Share of queries whose first hit is among the top `k`, in [0, 1]. */
export function recallAtK(ranks: Uint32Array, k: number): number {
  return ranks.reduce((hits, rank) => hits + Number(rank < k), 0) / ranks.length;
}

/** Median rank of the first hit, 1 = best; the mean of the middle two when Q is even. */
export function medianRank(ranks: Uint32Array): number {
  const sorted = ranks.slice().sort();
  const upper = sorted.length >> 1;
  const lower = (sorted.length - 1) >> 1;
  return (sorted[lower]! + sorted[upper]!) / 2 + 1;
}

/** Mean rank of the first hit, 1 = best. */
export function meanRank(ranks: Uint32Array): number {
  return ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length + 1;
}

/** Mean of 1 / (rank + 1), in (0, 1]. */
export function meanReciprocalRank(ranks: Uint32Array): number {
  return ranks.reduce((sum, rank) => sum + 1 / (rank + 1), 0) / ranks.length;
}

interface BestRelevant {
  /** [Q] highest score among the relevant items. */
  readonly scores: Float64Array;
  /** [Q] how many relevant items have exactly that score. */
  readonly counts: Uint32Array;
}

// `dot` and `addProduct` sum in the same order, so these equal the scores of the full pass to the
// bit: a relevant item meets itself there as a tie, and `withoutRelevant` takes it off again.
function bestRelevant(queries: Matrix, gallery: Matrix, relevance: Relevance): BestRelevant {
  checkSizes(queries, gallery, relevance);
  const scores = new Float64Array(queries.rows).fill(-Infinity);
  const counts = new Uint32Array(queries.rows);
  for (let i = 0; i < queries.rows; i++) {
    const query = row(queries, i);
    if (relevance.starts[i] === relevance.starts[i + 1]) {
      throw new AppError("data/no-match", `query ${i}`);
    }
    for (let p = relevance.starts[i]!; p < relevance.starts[i + 1]!; p++) {
      const score = dot(query, row(gallery, relevance.items[p]!));
      if (score > scores[i]!) counts[i] = 0;
      if (score < scores[i]!) continue;
      scores[i] = score;
      counts[i]!++;
    }
  }
  return { scores, counts };
}

function checkSizes(queries: Matrix, gallery: Matrix, relevance: Relevance): void {
  if (queries.cols !== gallery.cols || queries.rows !== relevance.queries) {
    const sizes = `queries [${queries.rows}, ${queries.cols}], gallery [${gallery.rows}, ${gallery.cols}]`;
    throw new AppError("data/shape", `${sizes}, relevance of ${relevance.queries}`);
  }
  // Every comparison with NaN is false, so a NaN model would otherwise score 100 %.
  for (const [name, { data, cols }] of [
    ["query", queries],
    ["gallery item", gallery],
  ] as const) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new AppError("data/non-finite", `${name} ${Math.floor(at / cols)}`);
  }
}

function countAtLeast(scores: Float64Array, start: number, width: number, least: number): number {
  let count = 0;
  for (let j = start; j < start + width; j++) if (scores[j]! >= least) count++;
  return count;
}

function withoutRelevant(ranks: Uint32Array<ArrayBuffer>, { counts }: BestRelevant) {
  for (let i = 0; i < ranks.length; i++) ranks[i]! -= counts[i]!;
  return ranks;
}
