/** Mean and sample standard deviation of a few values. */
export interface Spread {
  readonly mean: number;
  /** Divided by n − 1; NaN for fewer than two values. */
  readonly deviation: number;
  readonly n: number;
}

/** Mean and spread of `values`, for instance of one number over seeds. NaN without values. */
export function spreadOf(values: readonly number[]): Spread {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: n < 2 ? NaN : Math.sqrt(squares / (n - 1)), n };
}
