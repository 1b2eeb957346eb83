/** The definition, in float64 loops, for checking the tensor version. Slow and obvious on purpose. */
export function infoNceOracle(a: number[][], b: number[][], logScale: number): number {
  const s = a.map((x) =>
    b.map((y) => Math.exp(logScale) * x.reduce((n, v, d) => n + v * y[d]!, 0)),
  );
  const terms = s.map((scores, i) => {
    const column = s.map((q) => q[i]!);
    return logSoftmaxAt(scores, i) + logSoftmaxAt(column, i);
  });
  return -terms.reduce((n, v) => n + v, 0) / (2 * a.length);
}

function logSoftmaxAt(scores: number[], i: number): number {
  const max = Math.max(...scores);
  return scores[i]! - max - Math.log(scores.reduce((n, v) => n + Math.exp(v - max), 0));
}

/** Rows divided by their L2 norm. */
export function unitRows(rows: number[][]): number[][] {
  return rows.map((r) => r.map((v) => v / Math.sqrt(r.reduce((n, x) => n + x * x, 0))));
}
