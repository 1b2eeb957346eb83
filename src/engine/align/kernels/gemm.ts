import {
  assemble,
  call,
  defineFunction,
  FLOAT_BYTES,
  floats,
  i32,
  seq,
  when,
  whileLoop,
  type Code,
  type Local,
  type WasmFunction,
} from "./assembler";
import { tileCopy, tileKernel, type Tile } from "./gemmTile";
import { packPanels } from "./packPanels";

// 16 vector registers: 12 sums, two columns and one row value. Two instructions per multiply-add
// need a further register, and the compiler spills: 8 sums are then a third faster.
const FUSED: Tile = { rows: 6, columns: 8, fused: true };
const UNFUSED: Tile = { rows: 4, columns: 8, fused: false };

// A block of the left operand is 96 KB (second-level cache), a panel of the right one 8 KB (first).
const BLOCK = { rows: 96, columns: 1024, depth: 256 } as const; // rows: a multiple of 4 and of 6

const TILE_FLOATS = 6 * 8;

/** Scratch memory a call of `gemm` needs: a tile and a packed block of either operand. */
export const GEMM_SCRATCH_BYTES =
  FLOAT_BYTES * (TILE_FLOATS + BLOCK.depth * (BLOCK.rows + BLOCK.columns));

/** The exports of the module that `gemmModule` writes. */
export interface GemmExports {
  /**
   * c = a · b, all float32 in the imported memory; c [m, n] row-major, a and b with strides in bytes.
   * The order of every sum depends on the shapes alone, so results repeat bit for bit.
   */
  gemm(
    a: number,
    aRowStride: number,
    aColumnStride: number,
    b: number,
    bRowStride: number,
    bColumnStride: number,
    c: number,
    m: number,
    n: number,
    k: number,
    scratch: number,
  ): void;
}

/**
 * The bytes of a WebAssembly module that multiplies matrices, with `GemmExports`.
 *
 * Either operand may be transposed: packing takes the strides as they come. Blocked for the caches
 * as in Goto and van de Geijn 2008; the tile is 6 × 8 with relaxed SIMD's fused multiply-add.
 *
 * @param fused use relaxed SIMD; the last bits then depend on whether the processor fuses.
 */
export function gemmModule({ fused }: { readonly fused: boolean }): Uint8Array<ArrayBuffer> {
  const tile = fused ? FUSED : UNFUSED;
  const parts = {
    packLeft: packPanels(0, "packLeft", tile.rows),
    packRight: packPanels(1, "packRight", tile.columns),
    tile: tileKernel(2, tile),
    copyTile: tileCopy(3, tile),
  };
  const block = blockProduct(4, tile, parts);
  return assemble([
    parts.packLeft,
    parts.packRight,
    parts.tile,
    parts.copyTile,
    block,
    product(5, { ...parts, block }),
  ]);
}

/** A packed block of rows times a packed block of columns, tile by tile. */
function blockProduct(
  index: number,
  tile: Tile,
  parts: { readonly tile: WasmFunction; readonly copyTile: WasmFunction },
): WasmFunction {
  const parameters = {
    left: "i32",
    right: "i32",
    c: "i32", // its first value
    stride: "i32", // bytes from row to row of c
    rows: "i32",
    columns: "i32",
    depth: "i32",
    add: "i32",
    scratch: "i32",
  } as const;
  return defineFunction({ index, name: "block", parameters }, (p, local) => {
    const [i, j, panel, target] = [local("i32"), local("i32"), local("i32"), local("i32")];
    const rowsLeft = i32.subtract(p.rows.get, i.get);
    const columnsLeft = i32.subtract(p.columns.get, j.get);
    const [rows, columns] = [i32.constant(tile.rows), i32.constant(tile.columns)];
    const isPartial = i32.or(i32.less(rowsLeft, rows), i32.less(columnsLeft, columns));
    const multiply = (to: Code, stride: Code, add: Code) =>
      call(parts.tile, panel.get, p.right.get, to, stride, p.depth.get, add);
    const partial = seq(
      multiply(p.scratch.get, floats(tile.columns), i32.constant(0)),
      call(
        parts.copyTile,
        p.scratch.get,
        target.get,
        p.stride.get,
        smaller(rowsLeft, rows),
        smaller(columnsLeft, columns),
        p.add.get,
      ),
    );
    const oneTile = seq(
      when(isPartial, partial, multiply(target.get, p.stride.get, p.add.get)),
      panel.increase(i32.multiply(p.depth.get, floats(tile.rows))),
      target.increase(i32.multiply(p.stride.get, rows)),
    );
    const oneColumnOfTiles = seq(
      panel.set(p.left.get),
      target.set(i32.add(p.c.get, i32.multiply(j.get, floats(1)))),
      forEach(i, p.rows.get, tile.rows, oneTile),
      p.right.increase(i32.multiply(p.depth.get, floats(tile.columns))),
    );
    return forEach(j, p.columns.get, tile.columns, oneColumnOfTiles);
  });
}

type Parts = Readonly<Record<"packLeft" | "packRight" | "block", WasmFunction>>;

/** `gemm` of GemmExports: packs block by block and multiplies. */
function product(index: number, parts: Parts): WasmFunction {
  const parameters = {
    a: "i32",
    aRow: "i32",
    aColumn: "i32",
    b: "i32",
    bRow: "i32",
    bColumn: "i32",
    c: "i32",
    m: "i32",
    n: "i32",
    k: "i32",
    scratch: "i32",
  } as const;
  return defineFunction({ index, name: "gemm", parameters }, (p, local) => {
    const [i0, j0, k0] = [local("i32"), local("i32"), local("i32")];
    const [rows, columns, depth] = [local("i32"), local("i32"), local("i32")];
    const [left, right, stride] = [local("i32"), local("i32"), local("i32")];
    const extent = (size: Local, whole: Code, from: Local, most: number) =>
      size.set(smaller(i32.constant(most), i32.subtract(whole, from.get)));
    const at = (base: Local, row: Code, column: Code) => i32.add(i32.add(base.get, row), column);
    const scaled = (a: Local, b: Local) => i32.multiply(a.get, b.get);
    const blockOfRows = seq(
      extent(rows, p.m.get, i0, BLOCK.rows),
      call(
        parts.packLeft,
        left.get,
        at(p.a, scaled(i0, p.aRow), scaled(k0, p.aColumn)),
        p.aRow.get,
        p.aColumn.get,
        rows.get,
        depth.get,
      ),
      call(
        parts.block,
        left.get,
        right.get,
        at(p.c, scaled(i0, stride), i32.multiply(j0.get, floats(1))),
        stride.get,
        rows.get,
        columns.get,
        depth.get,
        k0.get, // the first depth block stores, later ones add
        p.scratch.get,
      ),
    );
    const blockOfDepth = seq(
      extent(depth, p.k.get, k0, BLOCK.depth),
      call(
        parts.packRight,
        right.get,
        at(p.b, scaled(k0, p.bRow), scaled(j0, p.bColumn)),
        p.bColumn.get,
        p.bRow.get,
        columns.get,
        depth.get,
      ),
      forEach(i0, p.m.get, BLOCK.rows, blockOfRows),
    );
    const blockOfColumns = seq(
      extent(columns, p.n.get, j0, BLOCK.columns),
      forEach(k0, p.k.get, BLOCK.depth, blockOfDepth),
    );
    return seq(
      stride.set(i32.multiply(p.n.get, floats(1))),
      left.set(i32.add(p.scratch.get, floats(TILE_FLOATS))),
      right.set(i32.add(left.get, floats(BLOCK.rows * BLOCK.depth))),
      forEach(j0, p.n.get, BLOCK.columns, blockOfColumns),
    );
  });
}

/** for (v = 0; v < end; v += step) body */
const forEach = (v: Local, end: Code, step: number, body: Code): Code =>
  seq(
    v.set(i32.constant(0)),
    whileLoop(i32.less(v.get, end), seq(body, v.increase(i32.constant(step)))),
  );

const smaller = (x: Code, y: Code): Code => i32.select(x, y, i32.less(x, y));
