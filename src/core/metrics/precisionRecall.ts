import type { Estimate } from "../domain/evaluation";
import { AppError } from "../errors";

/** What one label gives when everything at or above a threshold is taken for it. */
export interface OperatingPoint {
  /** Lowest score that is taken. */
  readonly threshold: number;
  /** Items taken. */
  readonly flagged: number;
  /** Items taken that are of the label. */
  readonly hits: number;
}

/** One label against all others. */
export interface PrecisionRecall {
  /** One per distinct score, highest threshold first. */
  readonly points: readonly OperatingPoint[];
  /** Items of the label. */
  readonly positives: number;
  readonly items: number;
  /** Area under the steps; what guessing gives is positives / items. */
  readonly averagePrecision: number;
}

/**
 * Precision and recall of a label at every threshold. Equal scores are taken together, so that an
 * order among them can help nobody: a classifier that says the same of all has one point.
 *
 *   AP = Σ_t (R_t − R_{t−1}) P_t
 *
 * Costs O(N log N).
 *
 * @param scores   [N]
 * @param positive [N] 1 where the item is of the label.
 * @throws AppError `data/shape`, `data/non-finite`, or `data/too-few` without an item of the label.
 *
 * Source: Davis and Goadrich, ICML 2006 (steps, no straight lines between points).
 */
export function precisionRecall(
  scores: Float64Array,
  positive: ArrayLike<number>,
): PrecisionRecall {
  if (scores.length !== positive.length) {
    throw new AppError("data/shape", `${scores.length} scores, ${positive.length} labels`);
  }
  if (!scores.every(Number.isFinite)) throw new AppError("data/non-finite", "label scores");
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  const positives = order.reduce((sum, i) => sum + Number(positive[i]! > 0), 0);
  if (positives === 0) throw new AppError("data/too-few", "no item of this label");
  const points: OperatingPoint[] = [];
  let hits = 0;
  let averagePrecision = 0;
  let before = 0;
  order.forEach((i, place) => {
    hits += Number(positive[i]! > 0);
    const next = order[place + 1];
    if (next !== undefined && scores[next] === scores[i]) return;
    const flagged = place + 1;
    points.push({ threshold: scores[i]!, flagged, hits });
    averagePrecision += ((hits - before) / positives) * (hits / flagged);
    before = hits;
  });
  return { points, positives, items: scores.length, averagePrecision };
}

/** The point with the highest F1, the lower threshold of equals. */
export function bestF1({ points, positives }: PrecisionRecall): OperatingPoint {
  const f1 = ({ hits, flagged }: OperatingPoint) => (2 * hits) / (flagged + positives);
  return points.reduce((best, point) => (f1(point) >= f1(best) ? point : best));
}

const Z = 1.959963984540054; // 97.5 % of the standard normal

/**
 * A share with its 95 % interval, which stays within [0, 1] and has a width also at 0 of n.
 *
 * @throws AppError `data/too-few` when `of` is 0.
 *
 * Source: Wilson, JASA 1927.
 */
export function wilsonShare(count: number, of: number): Estimate {
  if (of === 0) throw new AppError("data/too-few", "a share of nothing");
  const value = count / of;
  const spread = Z * Math.sqrt((value * (1 - value)) / of + (Z * Z) / (4 * of * of));
  const middle = value + (Z * Z) / (2 * of);
  const scale = 1 + (Z * Z) / of;
  return {
    value,
    low: Math.max(0, (middle - spread) / scale),
    high: Math.min(1, (middle + spread) / scale),
  };
}
