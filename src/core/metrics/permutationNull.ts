import type { Similarity } from "../domain/comparison";
import { AppError } from "../errors";

/** Share of shuffled pairings that may reach the cut-off. */
const ALPHA = 0.05;

/**
 * A similarity beside what it is when the pairs are shuffled.
 *
 *   p          = (1 + #{null ≥ observed}) / (K + 1)
 *   cut-off    = the ⌈(1 - α)(K + 1)⌉-th smallest of the K null values and the observed one
 *   calibrated = max(0, (observed - cut-off) / (1 - cut-off))
 *
 * `familyP` is p against the best pair of each shuffle: with many pairs the best of them looks good
 * by luck, and this takes the luck out. A NaN in the observation makes every figure NaN.
 *
 * @param nulls  [K] the same similarity under K shuffles; values that are NaN do not count.
 * @param maxima [K] the largest similarity of any compared pair under the same shuffles.
 * @throws AppError `data/too-few` without shuffles.
 *
 * Source: Groeger, Wen and Brbic, arXiv 2602.14486 (ICML 2026); family-wise p: Westfall and Young
 * 1993, the single-step maximum.
 */
export function calibrate(
  observed: number,
  nulls: ArrayLike<number>,
  maxima: ArrayLike<number>,
): Similarity {
  if (nulls.length === 0) throw new AppError("data/too-few", "no shuffles");
  if (!Number.isFinite(observed)) {
    return { value: NaN, nullMean: NaN, cutoff: NaN, p: NaN, calibrated: NaN, familyP: NaN };
  }
  const kept = Array.from(nulls).filter(Number.isFinite);
  const cutoff = cutoffOf(kept, observed);
  return {
    value: observed,
    nullMean: kept.reduce((sum, value) => sum + value, 0) / Math.max(1, kept.length),
    cutoff,
    p: tailShare(kept, observed),
    calibrated: cutoff < 1 ? Math.max(0, (observed - cutoff) / (1 - cutoff)) : 0,
    familyP: tailShare(Array.from(maxima).filter(Number.isFinite), observed),
  };
}

/** The value that at most 5 % of shuffles reach, the observed one counted among them. */
export function cutoffOf(nulls: readonly number[], observed: number): number {
  const sorted = Float64Array.from([...nulls, observed]).sort();
  return sorted[Math.ceil((1 - ALPHA) * sorted.length) - 1]!;
}

/** Largest value of each shuffle over several similarities: [K]. NaN where all are. */
export function maximaOf(nulls: readonly ArrayLike<number>[]): Float64Array {
  const maxima = new Float64Array(nulls[0]?.length ?? 0).fill(NaN);
  for (const values of nulls) {
    for (let b = 0; b < maxima.length; b++) {
      if (!(values[b]! <= maxima[b]!) && !Number.isNaN(values[b]!)) maxima[b] = values[b]!;
    }
  }
  return maxima;
}

/** (1 + number at least as large) / (K + 1): never 0, because the true pairing is one of them. */
function tailShare(nulls: readonly number[], observed: number): number {
  return (1 + nulls.filter((value) => value >= observed).length) / (nulls.length + 1);
}
