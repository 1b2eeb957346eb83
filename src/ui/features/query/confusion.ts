interface Judged {
  readonly label: number;
  /** -1 when unknown. */
  readonly truth: number;
}

/** Counts [classes, classes]: rows are the truth, columns the prediction. Unknown truth is left out. */
export function confusionMatrix(items: readonly Judged[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const { truth, label } of items) if (truth >= 0) counts[truth]![label]!++;
  return counts;
}
