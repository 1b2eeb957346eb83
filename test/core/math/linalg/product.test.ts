import { expect, it } from "vitest";
import { matrix64, transpose } from "../../../../src/core/math/linalg/matrix64";
import { addProduct, block, gram, timesTransposed } from "../../../../src/core/math/linalg/product";
import { productOracle } from "../../../oracles/matrices";
import { fill } from "../../../support/goldenData";

it.each([
  [1, 1, 1],
  [4, 4, 256],
  [7, 5, 3],
  [13, 70, 259],
  [5, 130, 600],
])("equals the naive loop bit for bit: [%i, k] by [%i, k], k = %i", (m, n, k) => {
  const [a, b] = [fill(1, m, k), fill(2, n, k)];
  expect(timesTransposed(a, b)).toEqual(productOracle(a, transpose(b)));
});

it("scores equal rows equally, wherever they stand", () => {
  const k = 300;
  const same = matrix64(
    9,
    k,
    Float64Array.from({ length: 9 * k }, (_, i) => Math.sin(i % k)),
  );
  const scores = timesTransposed(fill(3, 6, k), same);
  for (let i = 0; i < 6; i++) {
    expect(new Set(scores.data.subarray(i * 9, (i + 1) * 9)).size).toBe(1);
  }
});

it("adds to what the window holds and leaves the rest alone", () => {
  const [a, b] = [fill(4, 6, 8), fill(5, 6, 8)];
  const c = matrix64(5, 7, new Float64Array(35).fill(1));
  addProduct(block(a, 1, 2), block(b, 2, 2), block(c, 1, 3), { m: 3, n: 4, k: 5 });
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 7; j++) {
      let expected = 1;
      const inside = i >= 1 && i < 4 && j >= 3;
      for (let k = 2; inside && k < 7; k++) {
        expected += a.data[i * 8 + k]! * b.data[(j - 3 + 2) * 8 + k]!;
      }
      expect(c.data[i * 7 + j]).toBe(expected);
    }
  }
});

it("makes a Gram matrix that is symmetric to the bit", () => {
  const a = fill(6, 131, 20);
  const g = gram(a);
  expect(g).toEqual(productOracle(a, transpose(a)));
  expect(transpose(g)).toEqual(g);
});

it("refuses rows of different widths", () => {
  expect(() => timesTransposed(fill(1, 2, 3), fill(1, 2, 4))).toThrow(
    expect.objectContaining({ code: "data/shape" }),
  );
});
