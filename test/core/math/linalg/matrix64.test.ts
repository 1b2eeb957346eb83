import { expect, it } from "vitest";
import {
  matrix64,
  normalizeRows64,
  takeColumns64,
  takeRows64,
} from "../../../../src/core/math/linalg/matrix64";

const of = (cols: number, ...values: number[]) =>
  matrix64(values.length / cols, cols, Float64Array.from(values));

it("makes rows of length one from a copy, and leaves a zero row zero", () => {
  const m = of(2, 3, 4, 0, 0, 0, -2);
  expect([...normalizeRows64(m).data]).toEqual([0.6, 0.8, 0, 0, 0, -1]);
  expect([...m.data]).toEqual([3, 4, 0, 0, 0, -2]);
});

it("takes rows in the order asked for, and twice where asked twice", () => {
  const m = of(2, 1, 2, 3, 4, 5, 6);
  expect(takeRows64(m, [2, 0, 2])).toEqual(of(2, 5, 6, 1, 2, 5, 6));
  expect(takeRows64(m, []).rows).toBe(0);
});

it("takes columns in the order asked for", () => {
  expect(takeColumns64(of(3, 1, 2, 3, 4, 5, 6), [2, 0])).toEqual(of(2, 3, 1, 6, 4));
});
