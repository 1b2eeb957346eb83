import { describe, expect, it } from "vitest";
import { identity64, matrix64, transpose } from "../../../../src/core/math/linalg/matrix64";
import { gram, timesTransposed } from "../../../../src/core/math/linalg/product";
import { rng } from "../../../../src/core/math/rng";
import { symmetricEigen } from "../../../../src/core/math/linalg/symmetricEigen";
import { productOracle, scaleRows, worstDifference } from "../../../oracles/matrices";
import { fill, rows64 } from "../../../support/goldenData";

describe.each([
  ["order 1", gram(fill(1, 1, 3))],
  ["order 2", gram(fill(2, 2, 3))],
  ["order 37", gram(fill(3, 37, 40))],
  ["rank 5 of 40", gram(fill(4, 40, 5))],
  ["the identity", identity64(9)],
  ["zeros", matrix64(4, 4)],
  ["indefinite", rows64([0, 1, 0], [1, 0, 2], [0, 2, -3])],
])("%s", (_, a) => {
  const { values, vectors } = symmetricEigen(a);
  const size = Math.max(1, ...values.map(Math.abs));

  it("scales its eigenvectors by its eigenvalues", () => {
    const scaled = scaleRows(vectors, values);
    expect(worstDifference(productOracle(vectors, a), scaled)).toBeLessThan(1e-14 * size * a.rows);
  });

  it("has perpendicular unit eigenvectors, largest value first", () => {
    const products = productOracle(vectors, transpose(vectors));
    expect(worstDifference(products, identity64(a.rows))).toBeLessThan(1e-13);
    expect([...values]).toEqual([...values].sort((x, y) => y - x));
  });
});

it("knows the eigenvalues of the second difference: 2 - 2 cos(kπ / (n + 1))", () => {
  const n = 30;
  const a = matrix64(n, n);
  for (let i = 0; i < n; i++) {
    a.data[i * n + i] = 2;
    if (i + 1 < n) a.data[i * n + i + 1] = a.data[(i + 1) * n + i] = -1;
  }
  const { values } = symmetricEigen(a);
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)), 13);
  });
});

it("refuses NaN", () => {
  expect(() => symmetricEigen(rows64([NaN]))).toThrow(
    expect.objectContaining({ code: "data/non-finite" }),
  );
});

it("finishes on matrices whose null space is most of them, at any scale", () => {
  for (const [size, rank, scale, seed] of [
    [96, 25, 1, 1],
    [96, 90, 1e-9, 2],
    [120, 3, 1e6, 3],
  ] as const) {
    const random = rng(seed);
    const factor = matrix64(size, rank);
    for (let i = 0; i < factor.data.length; i++) factor.data[i] = scale * (random() - 0.5) ** 5;
    const a = timesTransposed(factor, factor);
    const { values } = symmetricEigen(a);
    expect(values.filter((value) => value > 1e-12 * values[0]!).length).toBeLessThanOrEqual(rank);
    const trace = values.reduce((sum, value) => sum + value, 0);
    const expected = Array.from({ length: size }, (_, i) => a.data[i * size + i]!);
    expect(trace / expected.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
  }
});
