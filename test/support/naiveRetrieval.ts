import type { PairTable } from "../../src/core/domain/alignmentData";
import type { RetrievalPair, RetrievalResult } from "../../src/core/domain/evaluation";
import { dot, row, type Matrix } from "../../src/core/math/matrix";

/** Recall@1, 5, 10 of both directions by sorting nothing and caching nothing; intervals empty. */
export function naiveRetrieval(image: Matrix, text: Matrix, pairs: PairTable): RetrievalPair {
  return {
    imageToText: oneWay(image, text, pairs.image, pairs.text),
    textToImage: oneWay(text, image, pairs.text, pairs.image),
  };
}

function oneWay(
  queries: Matrix,
  gallery: Matrix,
  query: Uint32Array,
  answer: Uint32Array,
): RetrievalResult {
  const relevant = new Map<number, Set<number>>();
  query.forEach((q, p) => relevant.set(q, (relevant.get(q) ?? new Set()).add(answer[p]!)));
  const ranks = [...relevant].map(([q, answers]) => {
    const scores = Array.from({ length: gallery.rows }, (_, g) =>
      dot(row(queries, q), row(gallery, g)),
    );
    const best = Math.max(...[...answers].map((g) => scores[g]!));
    return scores.filter((score, g) => !answers.has(g) && !(score < best)).length;
  });
  const share = (k: number) => {
    const value = ranks.filter((rank) => rank < k).length / ranks.length;
    return { value, low: value, high: value };
  };
  const sorted = ranks.toSorted((x, y) => x - y);
  return {
    gallery: gallery.rows,
    queries: ranks.length,
    meanRank: ranks.reduce((sum, rank) => sum + rank + 1, 0) / ranks.length,
    meanReciprocalRank: ranks.reduce((sum, rank) => sum + 1 / (rank + 1), 0) / ranks.length,
    medianRank: sorted[sorted.length >> 1]! + 1,
    recall: { "1": share(1), "5": share(5), "10": share(10) },
  };
}
