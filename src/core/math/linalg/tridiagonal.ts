import { matrix64, row64, transpose, type Matrix64 } from "./matrix64";

/** A = Q T Qᵀ with T symmetric tridiagonal. */
export interface Tridiagonal {
  /** [n] diagonal of T. */
  readonly diagonal: Float64Array<ArrayBuffer>;
  /** [n] subdiagonal of T; element i couples i and i + 1, the last is 0. */
  readonly offDiagonal: Float64Array<ArrayBuffer>;
  /** Qᵀ: row i is column i of Q. */
  readonly basis: Matrix64;
}

/**
 * Householder reduction of a symmetric matrix to tridiagonal form. About 2 n³ multiply-adds.
 *
 * Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 8.3.1.
 */
export function tridiagonalize(a: Matrix64): Tridiagonal {
  const n = a.rows;
  const work = matrix64(n, n, a.data.slice());
  const offDiagonal = new Float64Array(n);
  // Row k holds the reflector that clears column k, scaled so that H = I - v vᵀ.
  const reflectors = matrix64(n, n);
  for (let k = 0; k + 1 < n; k++) {
    const v = row64(reflectors, k);
    offDiagonal[k] = reflectorFor(work, k, v);
    reflectBothSides(work, k + 1, v);
  }
  const diagonal = Float64Array.from({ length: n }, (_, i) => work.data[i * n + i]!);
  return { diagonal, offDiagonal, basis: transpose(accumulate(reflectors)) };
}

/** Fills `v` from column k below the diagonal; the value left in the subdiagonal. */
function reflectorFor({ data, cols: n }: Matrix64, k: number, v: Float64Array): number {
  let largest = 0;
  for (let i = k + 1; i < n; i++) largest = Math.max(largest, Math.abs(data[i * n + k]!));
  if (!(largest > 0)) return 0;
  let squares = 0;
  for (let i = k + 1; i < n; i++) squares += (data[i * n + k]! / largest) ** 2;
  const head = data[(k + 1) * n + k]!;
  // The sign that adds instead of cancelling.
  const target = (head > 0 ? -1 : 1) * largest * Math.sqrt(squares);
  const scale = Math.sqrt(Math.abs(target) * (Math.abs(target) + Math.abs(head)));
  if (scale === 0) return target;
  for (let i = k + 1; i < n; i++) v[i] = data[i * n + k]! / scale;
  v[k + 1] = (head - target) / scale;
  return target;
}

/** H A H on the square from `start` on: A - v wᵀ - w vᵀ with w = A v - (vᵀ A v / 2) v. */
function reflectBothSides({ data, cols: n }: Matrix64, start: number, v: Float64Array): void {
  const w = new Float64Array(n);
  let half = 0;
  for (let i = start; i < n; i++) {
    let sum = 0;
    for (let j = start; j < n; j++) sum += data[i * n + j]! * v[j]!;
    w[i] = sum;
    half += (sum * v[i]!) / 2;
  }
  for (let i = start; i < n; i++) w[i] = w[i]! - half * v[i]!;
  for (let i = start; i < n; i++) {
    const vi = v[i]!;
    const wi = w[i]!;
    for (let j = start; j < n; j++) {
      data[i * n + j] = data[i * n + j]! - vi * w[j]! - wi * v[j]!;
    }
  }
}

/** Q = H₀ H₁ ... from the reflectors, last one first so that the identity stays sparse longest. */
function accumulate(reflectors: Matrix64): Matrix64 {
  const n = reflectors.rows;
  const q = matrix64(n, n);
  for (let i = 0; i < n; i++) q.data[i * n + i] = 1;
  const along = new Float64Array(n);
  for (let k = n - 2; k >= 0; k--) {
    const v = row64(reflectors, k);
    along.fill(0);
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) along[j] = along[j]! + v[i]! * q.data[i * n + j]!;
    }
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) {
        q.data[i * n + j] = q.data[i * n + j]! - v[i]! * along[j]!;
      }
    }
  }
  return q;
}
