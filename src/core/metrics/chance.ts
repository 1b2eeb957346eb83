import type { PairTable } from "../domain/alignmentData";
import type { Split } from "../domain/dataset";
import type { RetrievalPair, RetrievalResult } from "../domain/evaluation";
import { AppError } from "../errors";
import { galleriesOf } from "./evaluateRetrieval";
import type { Relevance } from "./relevance";

/**
 * What a uniformly random ranking gives, exactly: no model scores below this for long.
 *
 *   P(first hit among the top k) = 1 - C(G - m, k) / C(G, k), averaged over queries
 *
 * for m relevant items in a gallery of G. The median rank is the smallest r which at least half of
 * all (query, ranking) outcomes reach. Nothing is sampled, so `low` and `high` equal `value`.
 *
 * @throws AppError `data/too-few` when the split has no pair.
 */
export function chanceRetrieval(
  pairs: PairTable,
  split: Split,
  ks: readonly number[],
): RetrievalPair {
  const { imageRows, textRows, relevance } = galleriesOf(pairs, split);
  if (imageRows.length === 0) throw new AppError("data/too-few", `no pairs in ${split}`);
  return {
    imageToText: chanceOfDirection(relevance.imageToText, textRows.length, ks),
    textToImage: chanceOfDirection(relevance.textToImage, imageRows.length, ks),
  };
}

/** The same of one direction, for queries whose right answers are given. */
export function chanceOfDirection(
  relevance: Relevance,
  gallery: number,
  ks: readonly number[],
): RetrievalResult {
  const queriesByRelevant = new Map<number, number>();
  for (let q = 0; q < relevance.queries; q++) {
    const relevant = relevance.starts[q + 1]! - relevance.starts[q]!;
    queriesByRelevant.set(relevant, (queriesByRelevant.get(relevant) ?? 0) + 1);
  }
  const hitsWithin = (k: number) => {
    let sum = 0;
    for (const [relevant, count] of queriesByRelevant) {
      sum += count * hitProbability(gallery, relevant, k);
    }
    return sum / relevance.queries;
  };
  const estimates = ks.map((k) => [String(k), constant(hitsWithin(k))]);
  return {
    gallery,
    queries: relevance.queries,
    medianRank: smallestReaching(hitsWithin, gallery),
    ...meansOfChance(queriesByRelevant, relevance.queries, gallery),
    recall: Object.fromEntries(estimates),
  };
}

/**
 * Expected first-hit rank, (G + 1) / (m + 1), and its expected reciprocal,
 * Σ_r P(rank = r) / r, both averaged over queries.
 */
function meansOfChance(queriesByRelevant: Map<number, number>, queries: number, gallery: number) {
  let rank = 0;
  let reciprocal = 0;
  for (const [relevant, count] of queriesByRelevant) {
    rank += (count * (gallery + 1)) / (relevant + 1);
    let miss = 1; // no hit before rank r
    for (let r = 1; r <= gallery && miss > 0; r++) {
      const hit = Math.min(1, relevant / (gallery - r + 1));
      reciprocal += (count * miss * hit) / r;
      miss *= 1 - hit;
    }
  }
  return { meanRank: rank / queries, meanReciprocalRank: reciprocal / queries };
}

/** 1 - C(G - m, k) / C(G, k): the chance that k draws without replacement meet one of m. */
export function hitProbability(gallery: number, relevant: number, k: number): number {
  let miss = 1;
  for (let i = 0; i < Math.min(k, gallery) && miss > 0; i++) {
    miss *= Math.max(0, gallery - relevant - i) / (gallery - i);
  }
  return 1 - miss;
}

/** The smallest rank with at least half of the outcomes, by bisection. */
function smallestReaching(hitsWithin: (k: number) => number, gallery: number): number {
  let low = 1;
  let high = gallery;
  while (low < high) {
    const middle = (low + high) >> 1;
    // Half an ulp-sized slack: 1 - 1/2 · 2/3 · 3/4 is not exactly 1/2 in floating point.
    if (hitsWithin(middle) >= 0.5 - 1e-12) high = middle;
    else low = middle + 1;
  }
  return low;
}

const constant = (value: number) => ({ value, low: value, high: value });
