import { AppError } from "../../errors";
import { flooredNorm, type Matrix } from "../matrix";

/** Row-major float64 matrix, for solvers whose intermediate steps need the digits. */
export interface Matrix64 {
  readonly data: Float64Array<ArrayBuffer>;
  readonly rows: number;
  readonly cols: number;
}

/**
 * A [rows, cols] float64 matrix over `data`, zeros when it is left out.
 *
 * @throws AppError `data/shape` when the length is not rows × cols.
 */
export function matrix64(
  rows: number,
  cols: number,
  data: Float64Array<ArrayBuffer> = new Float64Array(rows * cols),
): Matrix64 {
  if (data.length !== rows * cols) {
    throw new AppError("data/shape", `${data.length} values for [${rows}, ${cols}]`);
  }
  return { data, rows, cols };
}

/** Row `i` as a view, not a copy. */
export function row64(m: Matrix64, i: number): Float64Array<ArrayBuffer> {
  return m.data.subarray(i * m.cols, (i + 1) * m.cols);
}

/** The first `count` rows as a view, not a copy. */
export function firstRows(m: Matrix64, count: number): Matrix64 {
  return matrix64(count, m.cols, m.data.subarray(0, count * m.cols));
}

/** The rows named, copied in that order. */
export function takeRows64(m: Matrix64, rows: ArrayLike<number>): Matrix64 {
  const out = matrix64(rows.length, m.cols);
  for (let i = 0; i < rows.length; i++) row64(out, i).set(row64(m, rows[i]!));
  return out;
}

/** The columns named, copied in that order. */
export function takeColumns64(m: Matrix64, columns: ArrayLike<number>): Matrix64 {
  const out = matrix64(m.rows, columns.length);
  for (let i = 0; i < m.rows; i++) {
    const [from, to] = [row64(m, i), row64(out, i)];
    for (let j = 0; j < to.length; j++) to[j] = from[columns[j]!]!;
  }
  return out;
}

/** Rows `start` to `end` (exclusive) of a float32 matrix, in float64. */
export function toMatrix64(m: Matrix, start = 0, end = m.rows): Matrix64 {
  const data = Float64Array.from(m.data.subarray(start * m.cols, end * m.cols));
  return matrix64(end - start, m.cols, data);
}

/** The n × n identity. */
export function identity64(n: number): Matrix64 {
  const out = matrix64(n, n);
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1;
  return out;
}

/** [cols, rows]: element (i, j) becomes (j, i). */
export function transpose(m: Matrix64): Matrix64 {
  const out = matrix64(m.cols, m.rows);
  const tile = 32; // 32 x 32 doubles = 8 KB: both sides of the copy stay in the first-level cache
  for (let i0 = 0; i0 < m.rows; i0 += tile) {
    const i1 = Math.min(i0 + tile, m.rows);
    for (let j0 = 0; j0 < m.cols; j0 += tile) {
      const j1 = Math.min(j0 + tile, m.cols);
      for (let i = i0; i < i1; i++) {
        for (let j = j0; j < j1; j++) out.data[j * m.rows + i] = m.data[i * m.cols + j]!;
      }
    }
  }
  return out;
}

/** The rows divided by their L2 norm; a zero row stays zero (`flooredNorm`). */
export function normalizeRows64(m: Matrix64): Matrix64 {
  const out = matrix64(m.rows, m.cols, m.data.slice());
  for (let i = 0; i < m.rows; i++) {
    const values = row64(out, i);
    const norm = flooredNorm(values);
    for (let d = 0; d < values.length; d++) values[d] = values[d]! / norm;
  }
  return out;
}

/** Mean of the diagonal: trace / n. */
export function meanDiagonal(m: Matrix64): number {
  let trace = 0;
  for (let i = 0; i < m.rows; i++) trace += m.data[i * m.cols + i]!;
  return trace / m.rows;
}
