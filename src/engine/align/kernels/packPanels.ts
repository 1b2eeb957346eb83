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
  type Local,
  type WasmFunction,
} from "./assembler";

/**
 * A function that copies `count` lines of a matrix, each `depth` long, into panels of `width` lines:
 * within a panel, the `width` values of one depth lie side by side, as the tile kernel reads them.
 * The last panel is filled up with zeros.
 *
 * The lines are rows or columns, according to the two strides in bytes, which is how a product takes
 * a transposed operand at no extra cost.
 *
 * Source: Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 2008.
 *
 * @param width lines per panel: the rows or the columns of a tile.
 */
export function packPanels(index: number, name: string, width: number): WasmFunction {
  const parameters = {
    target: "i32",
    source: "i32",
    lineStride: "i32",
    depthStride: "i32",
    count: "i32",
    depth: "i32",
  } as const;
  return defineFunction({ index, name, parameters }, (p, local) => {
    const left = local("i32");
    const lines = Array.from({ length: width }, () => local("i32")); // address of the next value
    const advance = (line: Local) => line.increase(p.depthStride.get);
    const eachDepth = (body: Code) =>
      seq(
        left.set(p.depth.get),
        whileLoop(
          left.get,
          seq(body, p.target.increase(floats(width)), left.increase(i32.constant(-1))),
        ),
      );
    const strided = lines.map((line, w) =>
      seq(f32.store(p.target.get, f32.load(line.get), w * FLOAT_BYTES), advance(line)),
    );
    const adjacent = [...copyAdjacent(p.target.get, lines[0]!.get, width), advance(lines[0]!)];
    const partial = lines.map((line, w) => {
      const value = (from: Code) => f32.store(p.target.get, from, w * FLOAT_BYTES);
      const exists = i32.less(i32.constant(w), p.count.get);
      return seq(when(exists, value(f32.load(line.get)), value(f32.zero)), advance(line));
    });
    const panel = when(
      i32.less(p.count.get, i32.constant(width)),
      eachDepth(seq(...partial)),
      when(
        i32.equal(p.lineStride.get, floats(1)),
        eachDepth(seq(...adjacent)),
        eachDepth(seq(...strided)),
      ),
    );
    const place = lines.map((line, w) =>
      line.set(w === 0 ? p.source.get : i32.add(lines[w - 1]!.get, p.lineStride.get)),
    );
    const nextPanel = seq(
      p.source.increase(i32.multiply(p.lineStride.get, i32.constant(width))),
      p.count.increase(i32.constant(-width)),
    );
    return whileLoop(i32.less(i32.constant(0), p.count.get), seq(...place, panel, nextPanel));
  });
}

/** `width` floats that lie side by side, four at a time as far as that goes. */
function copyAdjacent(target: Code, source: Code, width: number): Code[] {
  const copies: Code[] = [];
  let w = 0;
  for (; w + 4 <= width; w += 4) {
    copies.push(f32x4.store(target, f32x4.load(source, w * FLOAT_BYTES), w * FLOAT_BYTES));
  }
  for (; w < width; w++) {
    copies.push(f32.store(target, f32.load(source, w * FLOAT_BYTES), w * FLOAT_BYTES));
  }
  return copies;
}
