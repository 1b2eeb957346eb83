import { AppError } from "../errors";

/** Row-major matrix; element (i, j) is `data[i * cols + j]`. */
export interface Matrix {
  readonly data: Float32Array<ArrayBuffer>;
  readonly rows: number;
  readonly cols: number;
}

/**
 * A [rows, cols] matrix over `data`, zeros when it is left out.
 *
 * @throws AppError `data/shape` when the length is not rows × cols.
 */
export function matrix(
  rows: number,
  cols: number,
  data: Float32Array<ArrayBuffer> = new Float32Array(rows * cols),
): Matrix {
  if (data.length !== rows * cols) {
    throw new AppError("data/shape", `${data.length} values for [${rows}, ${cols}]`);
  }
  return { data, rows, cols };
}

/** Row `i` as a view, not a copy. */
export function row(m: Matrix, i: number): Float32Array<ArrayBuffer> {
  return m.data.subarray(i * m.cols, (i + 1) * m.cols);
}

/** The rows named by `indices`, copied in that order: [indices.length, D]. */
export function takeRows(m: Matrix, indices: ArrayLike<number>): Matrix {
  const out = matrix(indices.length, m.cols);
  for (let i = 0; i < indices.length; i++) out.data.set(row(m, indices[i]!), i * m.cols);
  return out;
}

/** Matrices of equally many rows beside each other: [N, Σ D]. */
export function sideBySide(parts: readonly Matrix[]): Matrix {
  const rows = parts[0]?.rows ?? 0;
  const out = matrix(
    rows,
    parts.reduce((sum, { cols }) => sum + cols, 0),
  );
  let from = 0;
  for (const part of parts) {
    for (let i = 0; i < rows; i++) out.data.set(row(part, i), i * out.cols + from);
    from += part.cols;
  }
  return out;
}

/** Dot product of two vectors of equal length, accumulated in float64. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d]! * b[d]!;
  return sum;
}

/**
 * Dot product of `query` with each of the rows named: the inner loop of exact search.
 *
 * Four float64 accumulators, because one makes every addition wait for the last.
 *
 * @param query [D]
 * @returns [rows.length]
 */
export function scoreRows(
  { data, cols }: Matrix,
  rows: Uint32Array,
  query: Float32Array,
): Float64Array {
  const scores = new Float64Array(rows.length);
  const whole = cols - (cols % 4);
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i]! * cols;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let d = 0; d < whole; d += 4) {
      s0 += data[start + d]! * query[d]!;
      s1 += data[start + d + 1]! * query[d + 1]!;
      s2 += data[start + d + 2]! * query[d + 2]!;
      s3 += data[start + d + 3]! * query[d + 3]!;
    }
    for (let d = whole; d < cols; d++) s0 += data[start + d]! * query[d]!;
    scores[i] = s0 + s1 + s2 + s3;
  }
  return scores;
}

/** L2 norm, floored at 1e-12: a zero vector divided by it stays zero. */
export function flooredNorm(vector: ArrayLike<number>): number {
  return Math.max(Math.sqrt(dot(vector, vector)), 1e-12);
}

/** The rows of `m` divided by their L2 norm; a zero row stays zero (`flooredNorm`). */
export function normalizeRows(m: Matrix): Matrix {
  const out = matrix(m.rows, m.cols, m.data.slice());
  for (let i = 0; i < m.rows; i++) {
    const view = row(out, i);
    const norm = flooredNorm(view);
    for (let d = 0; d < view.length; d++) view[d] = view[d]! / norm;
  }
  return out;
}

/** The mean of the rows, summed in float64; zeros where there are none. [D] */
export function columnMeans({
  data,
  rows,
  cols,
}: {
  readonly data: ArrayLike<number>;
  readonly rows: number;
  readonly cols: number;
}): Float64Array<ArrayBuffer> {
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < cols; d++) mean[d] = mean[d]! + data[i * cols + d]! / rows;
  }
  return mean;
}
