import {
  assemble,
  defineFunction,
  i16x8,
  i32,
  i32x4,
  seq,
  whileLoop,
  type Code,
} from "../../align/kernels/assembler";

/** The exports of the module that `byteDotsModule` writes. */
export interface ByteDots {
  /**
   * Dot product of one query of 16-bit integers with each of `rows` rows of bytes, one after the
   * other in memory, stored as 32-bit integers.
   *
   * @param rows  a multiple of `ROWS_AT_ONCE`.
   * @param width a multiple of `WIDTH_STEP`; Σ |code · query| must stay below 2³¹.
   */
  dots(codes: number, query: number, out: number, rows: number, width: number): void;
}

/** Rows whose sums stay in registers together, so that the query is loaded once for all. */
export const ROWS_AT_ONCE = 4;

/** Bytes of a row between two tests of the loop. */
export const WIDTH_STEP = 16;

const LANES = 8;
const SHORT_BYTES = 2;

/** The bytes of a WebAssembly module with `ByteDots`. */
export function byteDotsModule(): Uint8Array<ArrayBuffer> {
  const parameters = {
    codes: "i32",
    query: "i32",
    out: "i32",
    rows: "i32",
    width: "i32",
  } as const;
  const dots = defineFunction({ index: 0, name: "dots", parameters }, (p, local) => {
    const [left, at, asked] = [local("i32"), local("i32"), local("i32")];
    const starts = Array.from({ length: ROWS_AT_ONCE - 1 }, () => local("i32"));
    const part = local("v128");
    const sums = Array.from({ length: ROWS_AT_ONCE }, () => local("v128"));
    const rowAt = (r: number): Code => (r === 0 ? at : (starts[r - 1] ?? at)).get;
    const eight = (offset: number): Code =>
      seq(
        part.set(i16x8.load(asked.get, offset * SHORT_BYTES)),
        ...sums.map((sum, r) =>
          sum.set(
            i32x4.add(sum.get, i32x4.dotOfShorts(i16x8.loadBytes(rowAt(r), offset), part.get)),
          ),
        ),
      );
    const step = seq(
      ...Array.from({ length: WIDTH_STEP / LANES }, (_, i) => eight(i * LANES)),
      ...[at, ...starts].map((start) => start.increase(i32.constant(WIDTH_STEP))),
      asked.increase(i32.constant(WIDTH_STEP * SHORT_BYTES)),
      left.increase(i32.constant(-WIDTH_STEP)),
    );
    const total = (sum: Code): Code =>
      [1, 2, 3].reduce((so, lane) => i32.add(so, i32x4.lane(sum, lane)), i32x4.lane(sum, 0));
    const fourRows = seq(
      ...sums.map((sum) => sum.set(i32x4.zero)),
      at.set(p.codes.get),
      ...starts.map((start, r) => start.set(i32.add(r === 0 ? at.get : rowAt(r), p.width.get))),
      asked.set(p.query.get),
      left.set(p.width.get),
      whileLoop(left.get, step),
      ...sums.map((sum, r) => i32.store(p.out.get, total(sum.get), r * 4)),
      p.codes.increase(i32.multiply(p.width.get, i32.constant(ROWS_AT_ONCE))),
      p.out.increase(i32.constant(ROWS_AT_ONCE * 4)),
      p.rows.increase(i32.constant(-ROWS_AT_ONCE)),
    );
    return whileLoop(p.rows.get, fourRows);
  });
  return assemble([dots]);
}
