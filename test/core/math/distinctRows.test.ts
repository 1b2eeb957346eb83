import { expect, it } from "vitest";
import { countDistinctRows } from "../../../src/core/math/distinctRows";
import { matrix, takeRows } from "../../../src/core/math/matrix";
import { gauss } from "../../support/goldenData";

const random = matrix(50, 3, Float32Array.from(gauss(1, 50, 3).data));

it("counts rows that differ in any number", () => {
  expect(countDistinctRows(random)).toBe(50);
  expect(countDistinctRows(takeRows(random, [1, 2, 1, 1, 2, 3]))).toBe(3);
  expect(countDistinctRows(matrix(2, 2, Float32Array.of(1, 2, 2, 1)))).toBe(2);
});

it("counts one for vectors that are all equal, none for none", () => {
  expect(countDistinctRows(matrix(9, 4))).toBe(1);
  expect(countDistinctRows(matrix(0, 4))).toBe(0);
});

it("reads a view from where it starts", () => {
  const view = random.data.subarray(3, 12);
  expect(countDistinctRows(matrix(3, 3, view))).toBe(3);
});
