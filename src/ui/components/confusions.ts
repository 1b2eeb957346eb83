/** One way of being wrong: items of one class taken for another. */
export interface Confusion {
  /** Indices of labels. */
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
}

/** The most frequent confusions, most frequent first; equal ones in label order. */
export function topConfusions(matrix: readonly (readonly number[])[], limit: number): Confusion[] {
  return matrix
    .flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })))
    .filter(({ truth, predicted, count }) => truth !== predicted && count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.predicted - b.predicted)
    .slice(0, limit);
}
