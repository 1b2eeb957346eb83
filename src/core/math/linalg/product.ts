import { AppError } from "../../errors";
import { matrix64, type Matrix64 } from "./matrix64";

const DEPTH = 256; // 4 rows x 256 doubles of each side = 16 KB: fits the first-level cache
const COLUMNS = 64; // 64 rows x 256 doubles = 128 KB of b: fits the second-level cache

/** A window into a row-major array: where it starts and how far apart its rows are. */
export interface Block {
  readonly data: Float64Array<ArrayBuffer>;
  readonly start: number;
  readonly stride: number;
}

/** The whole of `m` from element (i, j) on. */
export function block(m: Matrix64, i: number, j: number): Block {
  return { data: m.data, start: i * m.cols + j, stride: m.cols };
}

/**
 * c += a bᵀ for windows a [m, k], b [n, k], c [m, n]; the one place where matrices are multiplied.
 *
 * Each element is summed in the order of k, starting from what c holds, so it equals the naive
 * float64 loop bit for bit: equal rows give equal products wherever they stand, and ties stay ties.
 * Costs m·n·k multiply-adds at about a nanosecond each.
 */
export function addProduct(
  a: Block,
  b: Block,
  c: Block,
  { m, n, k }: { readonly m: number; readonly n: number; readonly k: number },
): void {
  for (let k0 = 0; k0 < k; k0 += DEPTH) {
    const depth = Math.min(DEPTH, k - k0);
    for (let j0 = 0; j0 < n; j0 += COLUMNS) {
      const jEnd = Math.min(j0 + COLUMNS, n);
      for (let i = 0; i < m; i += 4) {
        const aStart = a.start + i * a.stride + k0;
        const cRow = c.start + i * c.stride;
        let j = j0;
        if (i + 4 <= m) {
          for (; j + 4 <= jEnd; j += 4) {
            const bStart = b.start + j * b.stride + k0;
            tile(
              a.data,
              aStart,
              a.stride,
              b.data,
              bStart,
              b.stride,
              c.data,
              cRow + j,
              c.stride,
              depth,
            );
          }
        }
        for (let r = i; r < Math.min(i + 4, m); r++) {
          for (let s = j; s < jEnd; s++) {
            const at = c.start + r * c.stride + s;
            const aRow = a.start + r * a.stride + k0;
            const bRow = b.start + s * b.stride + k0;
            c.data[at] = along(a.data, aRow, b.data, bRow, depth, c.data[at]!);
          }
        }
      }
    }
  }
}

/** a bᵀ: [m, k] by [n, k] gives [m, n]. @throws AppError `data/shape`. */
export function timesTransposed(a: Matrix64, b: Matrix64): Matrix64 {
  if (a.cols !== b.cols) {
    throw new AppError("data/shape", `[${a.rows}, ${a.cols}] with [${b.rows}, ${b.cols}]ᵀ`);
  }
  const out = matrix64(a.rows, b.rows);
  const size = { m: a.rows, n: b.rows, k: a.cols };
  addProduct(block(a, 0, 0), block(b, 0, 0), block(out, 0, 0), size);
  return out;
}

/** a aᵀ [m, m], symmetric to the bit; half the work of `timesTransposed(a, a)`. */
export function gram(a: Matrix64): Matrix64 {
  const out = matrix64(a.rows, a.rows);
  for (let i = 0; i < a.rows; i += GRAM_ROWS) addGramRows(a, out, i);
  mirrorLower(out);
  return out;
}

/** Rows computed by one call of `addGramRows`. */
export const GRAM_ROWS = 128;

/** Rows `start` to `start + GRAM_ROWS` of the lower half of a aᵀ, added to `out`. */
export function addGramRows(a: Matrix64, out: Matrix64, start: number): void {
  const end = Math.min(start + GRAM_ROWS, a.rows);
  const size = { m: end - start, n: end, k: a.cols };
  addProduct(block(a, start, 0), block(a, 0, 0), block(out, start, 0), size);
}

/** Copies the lower half of a square matrix over its upper half. */
export function mirrorLower(m: Matrix64): void {
  const n = m.rows;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) m.data[i * n + j] = m.data[j * n + i]!;
  }
}

/** `start` plus the dot product of two stretches, summed in order. */
function along(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  length: number,
  start: number,
): number {
  let sum = start;
  for (let d = 0; d < length; d++) sum += a[aStart + d]! * b[bStart + d]!;
  return sum;
}

// Positional numbers and sixteen named sums: what the compiler keeps in registers.
// prettier-ignore
function tile(
  a: Float64Array,
  a0: number,
  aStride: number,
  b: Float64Array,
  b0: number,
  bStride: number,
  c: Float64Array,
  c0: number,
  cStride: number,
  depth: number,
): void {
  const a1 = a0 + aStride;
  const a2 = a1 + aStride;
  const a3 = a2 + aStride;
  const b1 = b0 + bStride;
  const b2 = b1 + bStride;
  const b3 = b2 + bStride;
  const c1 = c0 + cStride;
  const c2 = c1 + cStride;
  const c3 = c2 + cStride;
  let s00 = c[c0]!, s01 = c[c0 + 1]!, s02 = c[c0 + 2]!, s03 = c[c0 + 3]!;
  let s10 = c[c1]!, s11 = c[c1 + 1]!, s12 = c[c1 + 2]!, s13 = c[c1 + 3]!;
  let s20 = c[c2]!, s21 = c[c2 + 1]!, s22 = c[c2 + 2]!, s23 = c[c2 + 3]!;
  let s30 = c[c3]!, s31 = c[c3 + 1]!, s32 = c[c3 + 2]!, s33 = c[c3 + 3]!;
  for (let d = 0; d < depth; d++) {
    const x0 = a[a0 + d]!, x1 = a[a1 + d]!, x2 = a[a2 + d]!, x3 = a[a3 + d]!;
    const y0 = b[b0 + d]!, y1 = b[b1 + d]!, y2 = b[b2 + d]!, y3 = b[b3 + d]!;
    s00 += x0 * y0; s01 += x0 * y1; s02 += x0 * y2; s03 += x0 * y3;
    s10 += x1 * y0; s11 += x1 * y1; s12 += x1 * y2; s13 += x1 * y3;
    s20 += x2 * y0; s21 += x2 * y1; s22 += x2 * y2; s23 += x2 * y3;
    s30 += x3 * y0; s31 += x3 * y1; s32 += x3 * y2; s33 += x3 * y3;
  }
  c[c0] = s00; c[c0 + 1] = s01; c[c0 + 2] = s02; c[c0 + 3] = s03;
  c[c1] = s10; c[c1 + 1] = s11; c[c1 + 2] = s12; c[c1 + 3] = s13;
  c[c2] = s20; c[c2 + 1] = s21; c[c2 + 2] = s22; c[c2 + 3] = s23;
  c[c3] = s30; c[c3 + 1] = s31; c[c3 + 2] = s32; c[c3 + 3] = s33;
}
