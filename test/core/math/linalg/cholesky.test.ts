import { describe, expect, it } from "vitest";
import { cholesky, solveLower, solveUpper } from "../../../../src/core/math/linalg/cholesky";
import { identity64, matrix64, transpose } from "../../../../src/core/math/linalg/matrix64";
import { gram } from "../../../../src/core/math/linalg/product";
import { productOracle, worstDifference } from "../../../oracles/matrices";
import { fill, rows64 } from "../../../support/goldenData";

describe.each([1, 5, 64, 65, 130])("order %i", (n) => {
  const a = gram(fill(n, n, n + 20));

  it("multiplies back to the matrix", () => {
    const { lower, upper } = cholesky(a);
    expect(worstDifference(productOracle(lower, upper), a)).toBeLessThan(1e-12 * n);
    expect(upper).toEqual(transpose(lower));
  });

  it("solves A x = b for every row b", () => {
    const factor = cholesky(a);
    const b = fill(7, 3, n);
    const x = solveUpper(factor, solveLower(factor, b));
    expect(worstDifference(productOracle(x, a), b)).toBeLessThan(1e-10);
  });
});

it("factors the hand case", () => {
  const { lower } = cholesky(rows64([4, 2], [2, 5]));
  expect([...lower.data]).toEqual([2, 0, 1, 2]);
});

it("adds the shift to the diagonal only", () => {
  const { lower } = cholesky(matrix64(3, 3), 9);
  expect(lower.data).toEqual(identity64(3).data.map((value) => 3 * value));
});

it("reads the lower half only", () => {
  const { lower } = cholesky(rows64([4, NaN], [2, 5]));
  expect(lower.data[3]).toBe(2);
});

it("refuses a matrix that is not positive definite", () => {
  const degenerate = expect.objectContaining({ code: "data/degenerate" });
  expect(() => cholesky(rows64([1, 2], [2, 1]))).toThrow(degenerate);
  expect(() => cholesky(matrix64(2, 2))).toThrow(degenerate);
});

it("refuses NaN", () => {
  expect(() => cholesky(rows64([1, 0], [NaN, 1]))).toThrow(
    expect.objectContaining({ code: "data/non-finite" }),
  );
});
