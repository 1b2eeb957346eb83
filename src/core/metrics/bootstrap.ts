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
 * With `clusters`, whole clusters are drawn: the captions of one picture are found or missed
 * together, and drawing them singly would make the interval up to √5 times too narrow for five.
 * Costs 1,000 draws per query or cluster.
 *
 * @param columns one or more columns of Q values, one per query.
 * @param clusters [Q] equal numbers for queries that are not independent; each its own if left out.
 * @throws AppError `data/too-few` without queries, `data/shape` when lengths differ.
 *
 * Source: Efron and Tibshirani 1993, section 13.3; clusters: Field and Welsh 2007, section 2.
 */
export function bootstrapMeans(
  columns: readonly ArrayLike<number>[],
  seed: number,
  clusters?: ArrayLike<number>,
): Estimate[] {
  const n = columns[0]?.length ?? 0;
  if (n === 0) throw new AppError("data/too-few", "no queries to resample");
  if ([...columns, clusters ?? { length: n }].some(({ length }) => length !== n)) {
    throw new AppError("data/shape", columns.map((column) => column.length).join(", "));
  }
  const { sums, sizes } = tallyClusters(columns, clusters);
  const count = sizes.length;
  const random = rng(seed);
  const means = columns.map(() => new Float64Array(RESAMPLES));
  const draw = new Uint32Array(count);
  for (let b = 0; b < RESAMPLES; b++) {
    for (let i = 0; i < count; i++) draw[i] = Math.floor(random() * count);
    const size = sumAt(sizes, draw);
    sums.forEach((column, c) => (means[c]![b] = sumAt(column, draw) / size));
  }
  return sums.map((column, c) => {
    const value = column.reduce((sum, own) => sum + own, 0) / n;
    const ascending = means[c]!.sort();
    return { value, low: quantile(ascending, TAIL), high: quantile(ascending, 1 - TAIL) };
  });
}

function sumAt(values: Float64Array, draw: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < draw.length; i++) sum += values[draw[i]!]!;
  return sum;
}

/**
 * The sum of each column over every cluster, and how many queries each has, in an order that
 * depends on the values alone: the same data give the same draws however they are sorted.
 */
export function tallyClusters(
  columns: readonly ArrayLike<number>[],
  clusters?: ArrayLike<number>,
): { readonly sums: Float64Array[]; readonly sizes: Float64Array } {
  const n = columns[0]?.length ?? 0;
  const members = new Map<number, number[]>();
  const compare = byColumns(columns);
  const queries = Array.from({ length: n }, (_, i) => i).sort(compare);
  for (const i of queries) {
    const cluster = clusters ? clusters[i]! : i;
    const held = members.get(cluster);
    if (held) held.push(i);
    else members.set(cluster, [i]);
  }
  const lists = [...members.values()];
  const sizes = Float64Array.from(lists, ({ length }) => length);
  const sums = columns.map((column) =>
    Float64Array.from(lists, (list) => list.reduce((sum, i) => sum + column[i]!, 0)),
  );
  const order = Array.from(lists.keys()).sort(byColumns([sizes, ...sums]));
  return {
    sums: sums.map((column) => Float64Array.from(order, (i) => column[i]!)),
    sizes: Float64Array.from(order, (i) => sizes[i]!),
  };
}

/** Orders indices by their value in the first column, then in the next. */
function byColumns(columns: readonly ArrayLike<number>[]): (a: number, b: number) => number {
  return (a, b) => {
    for (const column of columns) if (column[a] !== column[b]) return column[a]! - column[b]!;
    return 0;
  };
}

/** Quantile `q` of ascending values, interpolated linearly between neighbours. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
