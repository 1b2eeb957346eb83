import type { Estimate } from "../domain/evaluation";
import { AppError } from "../errors";
import { rng } from "../math/rng";

const RESAMPLES = 1_000; // enough for two digits of a 2.5 % tail
const TAIL = 0.025;

/**
 * The mean of each column with its 95 % percentile-bootstrap interval over queries.
 *
 * All columns are resampled with the same draws, so recall@1 never leaves recall@5's resamples.
 * Queries are put in order first: the same data in another order of rows has the same interval.
 * Costs 1,000·Q draws.
 *
 * @param columns one or more columns of Q values, one per query.
 * @throws AppError `data/too-few` without queries, `data/shape` when lengths differ.
 *
 * Source: Efron and Tibshirani 1993, section 13.3.
 */
export function bootstrapMeans(columns: readonly ArrayLike<number>[], seed: number): Estimate[] {
  const n = columns[0]?.length ?? 0;
  if (n === 0) throw new AppError("data/too-few", "no queries to resample");
  if (columns.some((column) => column.length !== n)) {
    throw new AppError("data/shape", columns.map((column) => column.length).join(", "));
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => {
    for (const column of columns) if (column[a] !== column[b]) return column[a]! - column[b]!;
    return 0;
  });
  const sorted = columns.map((column) => Float64Array.from(order, (i) => column[i]!));
  const random = rng(seed);
  const means = columns.map(() => new Float64Array(RESAMPLES));
  const draw = new Uint32Array(n);
  for (let b = 0; b < RESAMPLES; b++) {
    for (let i = 0; i < n; i++) draw[i] = Math.floor(random() * n);
    sorted.forEach((column, c) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += column[draw[i]!]!;
      means[c]![b] = sum / n;
    });
  }
  return sorted.map((column, c) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += column[i]!;
    const ascending = means[c]!.sort();
    return { value: sum / n, low: quantile(ascending, TAIL), high: quantile(ascending, 1 - TAIL) };
  });
}

/** Quantile `q` of ascending values, interpolated linearly between neighbours. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
