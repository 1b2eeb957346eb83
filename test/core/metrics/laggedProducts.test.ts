import { describe, expect, it } from "vitest";
import { dot, matrix, row, type Matrix } from "../../../src/core/math/matrix";
import { normal } from "../../../src/core/math/normal";
import { rng } from "../../../src/core/math/rng";
import { laggedDots, laggedProducts } from "../../../src/core/metrics/laggedProducts";

function finish<T>(work: Generator<number, T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

function noise(rows: number, cols: number, seed: number): Matrix {
  const random = rng(seed);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => normal(random) + 0.3),
  );
}

/** The definition: every pair of moments that offset apart. */
function definition(x: Matrix, y: Matrix, lag: number, of: (t: number, u: number) => number) {
  let sum = 0;
  for (let t = 0; t < x.rows; t++) {
    if (t + lag >= 0 && t + lag < y.rows) sum += of(t, t + lag);
  }
  return sum;
}

describe.each([
  [1, 1, 1],
  [7, 5, 3],
  [300, 3, 4], // two blocks
  [2_100, 5, 100], // several blocks
])("sums over offsets, of %d moments in %d columns up to %d", (moments, cols, most) => {
  const [x, y] = [noise(moments, cols, 1), noise(moments, cols, 2)];
  const lags = [-most, 0, Math.floor(most / 2), most];

  it("of dot products are those of the definition", () => {
    const found = finish(laggedDots(x, y, most));
    expect(found).toHaveLength(2 * most + 1);
    for (const lag of lags) {
      const expected = definition(x, y, lag, (t, u) => dot(row(x, t), row(y, u)));
      expect(found[lag + most]).toBeCloseTo(expected, 6);
    }
  });

  it("of cross-products are those of the definition, also of unequal widths", () => {
    const wider = noise(moments, cols + 1, 3);
    const found = finish(laggedProducts(x, wider, most));
    expect([found.rows, found.cols]).toEqual([2 * most + 1, cols * (cols + 1)]);
    for (const lag of lags) {
      for (let i = 0; i < cols; i++) {
        for (let j = 0; j <= cols; j++) {
          const expected = definition(
            x,
            wider,
            lag,
            (t, u) => x.data[t * cols + i]! * wider.data[u * (cols + 1) + j]!,
          );
          const at = (lag + most) * found.cols + i * (cols + 1) + j;
          expect(found.data[at]).toBeCloseTo(expected, 6);
        }
      }
    }
  });
});
