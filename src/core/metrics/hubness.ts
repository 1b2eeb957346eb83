import { topK } from "../math/topK";
import { row64, type Matrix64 } from "../math/linalg/matrix64";

const NEIGHBOURS = 10;

/**
 * Skewness of the 10-occurrence: of how many queries' 10 best each gallery item is among.
 *
 *   mean((n − mean n)³) / sd(n)³
 *
 * About 0 when all items are found alike; several where a few hubs are near to everything. Equal
 * scores are taken in the gallery's order.
 *
 * @param scores [Q, G]
 * @returns null when every item is found as often as every other (always so for G ≤ 10).
 *
 * Source: Radovanović, Nanopoulos and Ivanović, JMLR 11, 2010, section 3.
 */
export function hubness(scores: Matrix64): number | null {
  const counts = new Float64Array(scores.cols);
  for (let q = 0; q < scores.rows; q++) {
    for (const item of topK(row64(scores, q), NEIGHBOURS)) counts[item]!++;
  }
  return skewness(counts);
}

/** Third standardised moment, population form; null without spread. */
export function skewness(values: Float64Array): number | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [square, cube] = [0, 0];
  for (const value of values) {
    square += (value - mean) ** 2 / values.length;
    cube += (value - mean) ** 3 / values.length;
  }
  return square > 1e-12 * Math.max(1, mean * mean) ? cube / square ** 1.5 : null;
}
