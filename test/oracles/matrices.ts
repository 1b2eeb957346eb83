import { matrix64, type Matrix64 } from "../../src/core/math/linalg/matrix64";

/** A B by the definition. */
export function productOracle(a: Matrix64, b: Matrix64): Matrix64 {
  const out = matrix64(a.rows, b.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.cols; j++) {
      let sum = 0;
      for (let k = 0; k < a.cols; k++) sum += a.data[i * a.cols + k]! * b.data[k * b.cols + j]!;
      out.data[i * b.cols + j] = sum;
    }
  }
  return out;
}

/** Largest absolute difference; NaN anywhere gives NaN, different shapes give Infinity. */
export function worstDifference(a: Matrix64, b: Matrix64): number {
  if (a.rows !== b.rows || a.cols !== b.cols) return Infinity;
  return a.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b.data[i]!)), 0);
}

/** Rows i times factors[i]. */
export function scaleRows(m: Matrix64, factors: ArrayLike<number>): Matrix64 {
  const data = m.data.map((value, at) => value * factors[Math.floor(at / m.cols)]!);
  return matrix64(m.rows, m.cols, data);
}
