import { AppError } from "../errors";

/**
 * Spearman's rank correlation of two lists of numbers: Pearson's of their ranks, in [-1, 1].
 *
 * Equal values share the mean of their ranks. NaN when one list is constant: it has no order.
 *
 * @param a [n], finite; `b` [n], finite.
 * @throws AppError `data/shape` for lists of different lengths, `data/non-finite`.
 *
 * Source: Spearman, American Journal of Psychology 1904; ties as in Kendall 1945.
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new AppError("data/shape", `${a.length} and ${b.length} values`);
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (a.length - 1) / 2; // ranks always have this mean, ties or not
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i]! - middle) * (y[i]! - middle);
    xx += (x[i]! - middle) ** 2;
    yy += (y[i]! - middle) ** 2;
  }
  return xx === 0 || yy === 0 ? NaN : xy / Math.sqrt(xx * yy);
}

function ranksOf(values: ArrayLike<number>): Float64Array {
  const list = Array.from(values);
  if (!list.every(Number.isFinite)) throw new AppError("data/non-finite", "rank correlation");
  const order = [...list.keys()].sort((i, j) => list[i]! - list[j]!);
  const ranks = new Float64Array(list.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && list[order[end]!] === list[order[start]!]) end++;
    for (let at = start; at < end; at++) ranks[order[at]!] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}
