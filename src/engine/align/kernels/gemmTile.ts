import {
  defineFunction,
  f32,
  f32x4,
  FLOAT_BYTES,
  floats,
  i32,
  seq,
  when,
  whileLoop,
  type Code,
  type WasmFunction,
} from "./assembler";

/** The part of the result that stays in registers while a depth block is summed. */
export interface Tile {
  readonly rows: number;
  /** A multiple of 4. */
  readonly columns: number;
  /** Multiply-add in one instruction (relaxed SIMD) instead of two. */
  readonly fused: boolean;
}

const UNROLL = 4; // steps between two pointer updates; 2 measured the same, 1 is a tenth slower
const STEP = i32.constant(-1);

/**
 * A function that computes one tile: c = Σ_k a_k ⊗ b_k over two packed panels, stored, or added to
 * what is there when `add` is not zero.
 */
export function tileKernel(index: number, tile: Tile): WasmFunction {
  const parameters = {
    a: "i32",
    b: "i32",
    c: "i32",
    stride: "i32", // bytes from row to row of c
    depth: "i32",
    add: "i32",
  } as const;
  return defineFunction({ index, name: "tile", parameters }, (p, local) => {
    const vectors = Array.from({ length: tile.columns >> 2 }, () => local("v128"));
    const a = local("v128");
    const sums = Array.from({ length: tile.rows }, () => vectors.map(() => local("v128")));
    const multiplyAdd = (x: Code, y: Code, sum: Code) =>
      tile.fused ? f32x4.relaxedMultiplyAdd(x, y, sum) : f32x4.add(sum, f32x4.multiply(x, y));
    const step = (u: number): Code =>
      seq(
        ...vectors.map((b, v) =>
          b.set(f32x4.load(p.b.get, (u * tile.columns + 4 * v) * FLOAT_BYTES)),
        ),
        ...sums.flatMap((row, r) => [
          a.set(f32x4.loadSplat(p.a.get, (u * tile.rows + r) * FLOAT_BYTES)),
          ...row.map((sum, v) => sum.set(multiplyAdd(a.get, vectors[v]!.get, sum.get))),
        ]),
      );
    const steps = (count: number): Code =>
      seq(
        ...Array.from({ length: count }, (_, u) => step(u)),
        p.a.increase(floats(count * tile.rows)),
        p.b.increase(floats(count * tile.columns)),
        p.depth.increase(i32.constant(-count)),
      );
    const put = (value: (sum: Code, offset: number) => Code): Code =>
      seq(
        ...sums.flatMap((row) => [
          ...row.map((sum, v) => f32x4.store(p.c.get, value(sum.get, 16 * v), 16 * v)),
          p.c.increase(p.stride.get),
        ]),
      );
    return seq(
      whileLoop(i32.less(i32.constant(UNROLL - 1), p.depth.get), steps(UNROLL)),
      whileLoop(p.depth.get, steps(1)),
      when(
        p.add.get,
        put((sum, offset) => f32x4.add(f32x4.load(p.c.get, offset), sum)),
        put((sum) => sum),
      ),
    );
  });
}

/**
 * A function that copies the part of a whole tile (`from`, in scratch memory) that lies inside the
 * result, or adds it when `add` is not zero.
 */
export function tileCopy(index: number, tile: Tile): WasmFunction {
  const parameters = {
    from: "i32",
    to: "i32",
    stride: "i32",
    rows: "i32",
    columns: "i32",
    add: "i32",
  } as const;
  return defineFunction({ index, name: "copyTile", parameters }, (p, local) => {
    const [left, from, to] = [local("i32"), local("i32"), local("i32")];
    const copied = f32.load(from.get);
    const copyValue = seq(
      when(
        p.add.get,
        f32.store(to.get, f32.add(f32.load(to.get), copied)),
        f32.store(to.get, copied),
      ),
      from.increase(floats(1)),
      to.increase(floats(1)),
      left.increase(STEP),
    );
    const copyRow = seq(
      left.set(p.columns.get),
      from.set(p.from.get),
      to.set(p.to.get),
      whileLoop(left.get, copyValue),
      p.from.increase(floats(tile.columns)),
      p.to.increase(p.stride.get),
      p.rows.increase(STEP),
    );
    return whileLoop(p.rows.get, copyRow);
  });
}
