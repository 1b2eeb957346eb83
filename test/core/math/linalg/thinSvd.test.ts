import { describe, expect, it } from "vitest";
import { identity64, matrix64, transpose } from "../../../../src/core/math/linalg/matrix64";
import { thinSvd } from "../../../../src/core/math/linalg/thinSvd";
import { productOracle, scaleRows, worstDifference } from "../../../oracles/matrices";
import { fill } from "../../../support/goldenData";

/** U diag(values) Vᵀ with perpendicular directions drawn from two seeds. */
function composed(values: number[], rows: number, cols: number) {
  const [u, v] = [thinSvd(fill(8, values.length, rows)), thinSvd(fill(9, values.length, cols))];
  return productOracle(transpose(scaleRows(u.right, values)), v.right);
}

describe.each([
  ["wide", fill(1, 5, 12)],
  ["tall", fill(2, 31, 7)],
  ["square", fill(3, 9, 9)],
  ["one column", fill(4, 6, 1)],
  ["rank 2 of 6", productOracle(fill(5, 6, 2), fill(6, 2, 8))],
  ["graded over nine decades", composed([1, 1e-3, 1e-6, 1e-9], 10, 20)],
])("%s", (_, a) => {
  const { left, singular, right } = thinSvd(a);

  it("multiplies back to the matrix", () => {
    const back = productOracle(transpose(scaleRows(left, singular)), right);
    expect(worstDifference(back, a)).toBeLessThan(1e-14 * Math.max(1, singular[0]!) * 10);
  });

  it("has perpendicular unit directions on both sides", () => {
    for (const side of [left, right]) {
      const products = productOracle(side, transpose(side));
      expect(worstDifference(products, identity64(singular.length))).toBeLessThan(1e-12);
    }
  });
});

it("keeps the digits of small singular values", () => {
  const values = [1, 1e-3, 1e-6, 1e-9];
  const { singular } = thinSvd(composed(values, 10, 20));
  expect(singular.length).toBe(4);
  // A perturbation of 1e-16 of the largest is what the matrix itself was rounded by.
  values.forEach((value, i) => expect(Math.abs(singular[i]! - value)).toBeLessThan(1e-15));
});

it("cuts at the numerical rank", () => {
  const lowRank = productOracle(fill(5, 6, 2), fill(6, 2, 8));
  expect(thinSvd(lowRank).singular.length).toBe(2);
  expect(thinSvd(matrix64(3, 4)).singular.length).toBe(0);
});

it("swaps sides with the matrix", () => {
  const a = fill(7, 4, 6);
  const [wide, tall] = [thinSvd(a), thinSvd(transpose(a))];
  expect(tall.left).toEqual(wide.right);
  expect(tall.right).toEqual(wide.left);
});

it("refuses NaN", () => {
  expect(() => thinSvd(matrix64(1, 2, Float64Array.of(NaN, 1)))).toThrow(
    expect.objectContaining({ code: "data/non-finite" }),
  );
});
