import { AppError } from "../../errors";
import { matrix64, transpose, type Matrix64 } from "./matrix64";
import { addProduct, block, type Block } from "./product";

const PANEL = 64; // columns finished at a time; the rest of the work is matrix products

/** L with A = L Lᵀ, and Lᵀ beside it because solving reads both by rows. */
export interface Cholesky {
  /** [n, n], zero above the diagonal. */
  readonly lower: Matrix64;
  /** [n, n], zero below the diagonal. */
  readonly upper: Matrix64;
}

/**
 * Factor of A + shift · I, for a symmetric A of which only the lower half is read.
 *
 * Left-looking by panels: n³/6 multiply-adds, nearly all of them in `addProduct`.
 *
 * @throws AppError `data/degenerate` when the shifted matrix is not positive definite,
 *   `data/non-finite` when it contains NaN.
 */
export function cholesky(a: Matrix64, shift = 0): Cholesky {
  const n = a.rows;
  const lower = matrix64(n, n);
  const work = new Float64Array(n * PANEL);
  for (let start = 0; start < n; start += PANEL) {
    const width = Math.min(PANEL, n - start);
    const height = n - start;
    const sums: Block = { data: work.fill(0), start: 0, stride: width };
    const size = { m: height, n: width, k: start };
    addProduct(block(lower, start, 0), block(lower, start, 0), sums, size);
    for (let i = 0; i < height; i++) {
      const row = (start + i) * n + start;
      for (let j = 0; j <= Math.min(i, width - 1); j++) {
        lower.data[row + j] = a.data[row + j]! + (i === j ? shift : 0) - work[i * width + j]!;
      }
    }
    finishPanel(lower, start, width);
  }
  return { lower, upper: transpose(lower) };
}

/** The panel's columns once everything to their left is subtracted. */
function finishPanel({ data, rows: n }: Matrix64, start: number, width: number): void {
  for (let i = start; i < n; i++) {
    const end = Math.min(i + 1, start + width);
    for (let j = start; j < end; j++) {
      let rest = data[i * n + j]!;
      for (let d = start; d < j; d++) rest -= data[i * n + d]! * data[j * n + d]!;
      data[i * n + j] = i === j ? Math.sqrt(checkedPivot(rest, i)) : rest / data[j * n + j]!;
    }
  }
}

function checkedPivot(pivot: number, at: number): number {
  if (Number.isNaN(pivot)) throw new AppError("data/non-finite", `covariance, row ${at}`);
  if (pivot > 0) return pivot;
  throw new AppError("data/degenerate", `covariance not positive definite at row ${at}`);
}

/** Each row b of `rows` becomes L⁻¹ b: [m, n]. Costs m·n²/2 multiply-adds. */
export function solveLower({ lower }: Cholesky, rows: Matrix64): Matrix64 {
  const n = lower.rows;
  checkWidth(rows, n);
  const out = matrix64(rows.rows, n);
  for (let start = 0; start < n; start += PANEL) {
    const width = Math.min(PANEL, n - start);
    const size = { m: rows.rows, n: width, k: start };
    addProduct(block(out, 0, 0), block(lower, start, 0), block(out, 0, start), size);
    for (let r = 0; r < rows.rows; r++) {
      for (let i = start; i < start + width; i++) {
        let rest = rows.data[r * n + i]! - out.data[r * n + i]!;
        for (let d = start; d < i; d++) rest -= lower.data[i * n + d]! * out.data[r * n + d]!;
        out.data[r * n + i] = rest / lower.data[i * n + i]!;
      }
    }
  }
  return out;
}

/** Each row b of `rows` becomes L⁻ᵀ b: [m, n]. Costs m·n²/2 multiply-adds. */
export function solveUpper({ upper }: Cholesky, rows: Matrix64): Matrix64 {
  const n = upper.rows;
  checkWidth(rows, n);
  const out = matrix64(rows.rows, n);
  for (let start = Math.floor((n - 1) / PANEL) * PANEL; start >= 0; start -= PANEL) {
    const end = Math.min(start + PANEL, n);
    const size = { m: rows.rows, n: end - start, k: n - end };
    addProduct(block(out, 0, end), block(upper, start, end), block(out, 0, start), size);
    for (let r = 0; r < rows.rows; r++) {
      for (let i = end - 1; i >= start; i--) {
        let rest = rows.data[r * n + i]! - out.data[r * n + i]!;
        for (let d = i + 1; d < end; d++) rest -= upper.data[i * n + d]! * out.data[r * n + d]!;
        out.data[r * n + i] = rest / upper.data[i * n + i]!;
      }
    }
  }
  return out;
}

function checkWidth(rows: Matrix64, n: number): void {
  if (rows.cols !== n) throw new AppError("data/shape", `rows of ${rows.cols} for order ${n}`);
}
