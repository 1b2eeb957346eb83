import type { Matrix } from "../../../src/core/math/matrix";

/** The k nearest others of every row by Euclidean distance, by looking at all. */
export function naiveNearest({ data, rows, cols }: Matrix, k: number): number[][] {
  return Array.from({ length: rows }, (_, i) => {
    const distance = (j: number) => {
      let sum = 0;
      for (let d = 0; d < cols; d++) sum += (data[i * cols + d]! - data[j * cols + d]!) ** 2;
      return sum;
    };
    const others = Array.from({ length: rows }, (_, j) => ({ j, d: distance(j) }));
    return others
      .filter(({ j }) => j !== i)
      .sort((a, b) => a.d - b.d)
      .slice(0, k)
      .map(({ j }) => j);
  });
}

/** Share of the neighbours in `a` that are also in `b`. */
export function kept(a: readonly number[][], b: readonly number[][]): number {
  const shares = a.map((list, i) => list.filter((j) => b[i]!.includes(j)).length / list.length);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
