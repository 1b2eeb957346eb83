// The definitions, in float64 loops. Slow and obvious on purpose.

/** InfoNCE without the scores of other members of a row's group. */
export function maskedInfoNceOracle(
  a: number[][],
  b: number[][],
  logScale: number,
  groups: ArrayLike<number>,
): number {
  const s = scoresOf(a, b, logScale);
  const kept = (i: number, j: number) => i === j || groups[i] !== groups[j];
  const terms = s.map((_, i) => {
    const row = s.flatMap((_, j) => (kept(i, j) ? [s[i]![j]!] : []));
    const column = s.flatMap((_, j) => (kept(i, j) ? [s[j]![i]!] : []));
    return 2 * s[i]![i]! - logSumExp(row) - logSumExp(column);
  });
  return -mean(terms) / 2;
}

/** InfoNCE whose target is shared by the members of a row's group. */
export function softInfoNceOracle(
  a: number[][],
  b: number[][],
  logScale: number,
  groups: ArrayLike<number>,
): number {
  const s = scoresOf(a, b, logScale);
  const terms = s.map((row, i) => {
    const members = s.flatMap((_, j) => (groups[i] === groups[j] ? [j] : []));
    const column = s.map((r) => r[i]!);
    const found = members.map((j) => s[i]![j]! - logSumExp(row) + s[j]![i]! - logSumExp(column));
    return mean(found);
  });
  return -mean(terms) / 2;
}

/** −log softmax over the partner and every corpus row not removed; the way back in the batch. */
export function corpusInfoNceOracle(
  a: number[][],
  b: number[][],
  logScale: number,
  corpus: { rows: number[][]; positive: ArrayLike<number>; masked: ArrayLike<number>[] },
): number {
  const batch = scoresOf(a, b, logScale);
  const all = scoresOf(a, corpus.rows, logScale);
  const terms = batch.map((row, i) => {
    const removed = new Set([corpus.positive[i]!, ...Array.from(corpus.masked[i]!)]);
    const negatives = all[i]!.filter((_, j) => !removed.has(j));
    const column = batch.map((r) => r[i]!);
    return 2 * row[i]! - logSumExp([row[i]!, ...negatives]) - logSumExp(column);
  });
  return -mean(terms) / 2;
}

export function scoresOf(a: number[][], b: number[][], logScale: number): number[][] {
  return a.map((p) => b.map((q) => Math.exp(logScale) * p.reduce((n, v, d) => n + v * q[d]!, 0)));
}

function logSumExp(values: number[]): number {
  const max = Math.max(...values);
  return max + Math.log(values.reduce((n, v) => n + Math.exp(v - max), 0));
}

const mean = (values: number[]) => values.reduce((n, v) => n + v, 0) / values.length;
