/** Ranks of the first right answer by the definition: sort nothing, share nothing. */
export function firstHitRanksOracle(
  queries: number[][],
  gallery: number[][],
  relevant: number[][],
): number[] {
  return queries.map((query, q) => {
    const scores = gallery.map((item) => item.reduce((sum, v, d) => sum + v * query[d]!, 0));
    const best = Math.max(...relevant[q]!.map((item) => scores[item]!));
    return scores.filter((score, item) => !relevant[q]!.includes(item) && score >= best).length;
  });
}
