import type { Matrix } from "../../src/core/math/matrix";

/** K = X Xᵀ as nested arrays, not centred. */
export function gramMatrix({ data, rows, cols }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, i) =>
    Array.from({ length: rows }, (_, j) => {
      let sum = 0;
      for (let d = 0; d < cols; d++) sum += data[i * cols + d]! * data[j * cols + d]!;
      return sum;
    }),
  );
}

/** HSIC_1 as Song et al. 2012 write it, from Gram matrices whose diagonal is set to zero. */
export function hsicByGram(k: number[][], l: number[][]): number {
  const n = k.length;
  const zeroed = (m: number[][]) => m.map((row, i) => row.map((v, j) => (i === j ? 0 : v)));
  const [a, b] = [zeroed(k), zeroed(l)];
  let trace = 0;
  let sums = 0;
  const total = (m: number[][]) => m.flat().reduce((sum, v) => sum + v, 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      trace += a[i]![j]! * b[j]![i]!;
      for (let q = 0; q < n; q++) sums += a[i]![j]! * b[j]![q]!;
    }
  }
  const middle = (total(a) * total(b)) / ((n - 1) * (n - 2));
  return (trace + middle - (2 * sums) / (n - 2)) / (n * (n - 3));
}

/** CKA of two Gram matrices, centred as H K H. */
export function biasedCkaByGram(k: number[][], l: number[][]): number {
  const inner = (a: number[][], b: number[][]) => {
    const [x, y] = [centre(a), centre(b)];
    return x.flat().reduce((sum, value, at) => sum + value * y.flat()[at]!, 0);
  };
  return inner(k, l) / Math.sqrt(inner(k, k) * inner(l, l));
}

function centre(m: number[][]): number[][] {
  const n = m.length;
  const rows = m.map((row) => row.reduce((sum, v) => sum + v, 0) / n);
  const all = rows.reduce((sum, v) => sum + v, 0) / n;
  return m.map((row, i) => row.map((v, j) => v - rows[i]! - rows[j]! + all));
}
