/** Rows of unit vectors; every function here is the formula, in nested loops. */
export type Rows = readonly (readonly number[])[];

const inner = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, d) => sum + value * b[d]!, 0);
const mean = (values: readonly number[]) => values.reduce((n, v) => n + v, 0) / values.length;
const variance = (values: readonly number[]) => mean(values.map((v) => (v - mean(values)) ** 2));

export function unit(rows: Rows): number[][] {
  return rows.map((row) => row.map((value) => value / Math.sqrt(inner(row, row))));
}

export function modalityGapOracle(a: Rows, b: Rows): number {
  const gap = a[0]!.map((_, d) => mean(a.map((r) => r[d]!)) - mean(b.map((r) => r[d]!)));
  return Math.sqrt(inner(gap, gap));
}

export function uniformityOracle(rows: Rows): number {
  const terms = rows.flatMap((x, i) =>
    rows.slice(0, i).map((y) => Math.exp(-2 * x.reduce((n, v, d) => n + (v - y[d]!) ** 2, 0))),
  );
  return Math.log(mean(terms));
}

/** Means and d' of the cosines of pairs and of everything else. */
export function cosinesOracle(a: Rows, b: Rows, isPair: (i: number, j: number) => boolean) {
  const all = a.flatMap((x, i) => b.map((y, j) => ({ cosine: inner(x, y), pair: isPair(i, j) })));
  const positive = all.filter(({ pair }) => pair).map(({ cosine }) => cosine);
  const negative = all.filter(({ pair }) => !pair).map(({ cosine }) => cosine);
  const spread = Math.sqrt((variance(positive) + variance(negative)) / 2);
  return {
    alignment: 2 - 2 * mean(positive),
    positiveCosine: mean(positive),
    negativeCosine: mean(negative),
    separation: (mean(positive) - mean(negative)) / spread,
  };
}

/** Skewness of how often each item of `b` is among the 10 best of a row of `a`. */
export function hubnessOracle(a: Rows, b: Rows): number {
  const counts = b.map(() => 0);
  for (const x of a) {
    const order = b.map((_, j) => j).sort((i, j) => inner(x, b[j]!) - inner(x, b[i]!) || i - j);
    for (const j of order.slice(0, 10)) counts[j]!++;
  }
  return mean(counts.map((n) => (n - mean(counts)) ** 3)) / variance(counts) ** 1.5;
}

/** Pessimistic rank (0 = best) of the first right answer by 2ab − r(a) − r(b). */
export function cslsRanksOracle(a: Rows, b: Rows, isPair: (i: number, j: number) => boolean) {
  const nearest = (x: readonly number[], others: Rows) => {
    const cosines = others.map((y) => inner(x, y)).sort((p, q) => q - p);
    return mean(cosines.slice(0, 10));
  };
  const ra = a.map((x) => nearest(x, b));
  const rb = b.map((y) => nearest(y, a));
  return a.map((x, i) => {
    const scores = b.map((y, j) => 2 * inner(x, y) - ra[i]! - rb[j]!);
    const best = Math.max(...scores.filter((_, j) => isPair(i, j)));
    return scores.filter((score, j) => !isPair(i, j) && score >= best).length;
  });
}
