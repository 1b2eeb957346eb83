import { expect, it } from "vitest";
import {
  columnMeans,
  dot,
  matrix,
  normalizeRows,
  row,
  scoreRows,
  sideBySide,
  takeRows,
} from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";

function random(rows: number, cols: number, seed: number) {
  const draw = rng(seed);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => draw() - 0.5),
  );
}

it.each([1, 3, 4, 7, 512])("scores the rows named, in that order, at width %i", (cols) => {
  const m = random(9, cols, 1);
  const query = row(random(1, cols, 2), 0);
  const scores = scoreRows(m, Uint32Array.of(8, 0, 3, 3), query);
  [8, 0, 3, 3].forEach((r, i) => expect(scores[i]).toBeCloseTo(dot(row(m, r), query), 12));
});

it("lets NaN through, for the caller to refuse", () => {
  const m = matrix(1, 5, Float32Array.of(1, 2, NaN, 4, 5));
  expect(scoreRows(m, Uint32Array.of(0), new Float32Array(5).fill(1))[0]).toBeNaN();
});

it("normalises rows and leaves a zero row at zero", () => {
  const unit = normalizeRows(matrix(2, 2, Float32Array.of(3, 4, 0, 0)));
  expect([...unit.data]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0]);
});

it("copies rows, and refuses data of another size", () => {
  const m = random(3, 2, 3);
  const taken = takeRows(m, [2, 2]);
  taken.data[0] = 9;
  expect([...row(m, 2)]).toEqual([...row(taken, 1)]);
  expect(() => matrix(2, 2, new Float32Array(3))).toThrow(
    expect.objectContaining({ code: "data/shape" }),
  );
});

it("means the rows in either precision, and gives zeros for none", () => {
  expect([...columnMeans(matrix(2, 2, Float32Array.of(1, 2, 3, 6)))]).toEqual([2, 4]);
  expect([...columnMeans({ data: Float64Array.of(0.5, 1.5), rows: 2, cols: 1 })]).toEqual([1]);
  expect([...columnMeans(matrix(0, 3))]).toEqual([0, 0, 0]);
});

it("puts matrices side by side", () => {
  const [a, b] = [matrix(2, 1, Float32Array.of(1, 4)), matrix(2, 2, Float32Array.of(2, 3, 5, 6))];
  expect(sideBySide([a, b])).toEqual(matrix(2, 3, Float32Array.of(1, 2, 3, 4, 5, 6)));
  expect(sideBySide([])).toEqual(matrix(0, 0));
});
