import { describe, expect, it } from "vitest";
import { matrix, takeRows, type Matrix } from "../../../src/core/math/matrix";
import { transpose, type Matrix64 } from "../../../src/core/math/linalg/matrix64";
import { permutation, rng } from "../../../src/core/math/rng";
import {
  biasedCka,
  biasFloor,
  ckaSide,
  hsic,
  participationRatio,
  sideOf,
  unbiasedCka,
} from "../../../src/core/metrics/cka";
import { biasedCkaByGram, gramMatrix, hsicByGram } from "../../oracles/hsic";
import { centred, gauss, golden, goldenSides } from "../../support/goldenData";

const { values } = golden;
const single = (m: Matrix64): Matrix => matrix(m.rows, m.cols, Float32Array.from(m.data));
const random = (seed: number, n: number, d: number) => single(gauss(seed, n, d));
const exact = (m: Matrix64) => sideOf(transpose(centred(m)));

/** Every value times `factor` plus `shift`. */
const affine = (m: Matrix, factor: number, shift: number) =>
  matrix(
    m.rows,
    m.cols,
    m.data.map((value) => factor * value + shift),
  );

describe("the golden values", () => {
  const { x, y } = goldenSides();
  const [a, b] = [exact(x), exact(y)];

  it("are met in float64", () => {
    expect(unbiasedCka(a, b)).toBeCloseTo(values.ckaUnbiased, 9);
    expect(biasedCka(a, b)).toBeCloseTo(values.ckaBiasedFeatureForm, 9);
    expect(biasedCka(a, b)).toBeCloseTo(values.ckaBiasedGramForm, 9);
    expect(a.hsic).toBeCloseTo(values.hsic1KK, 9);
    expect(b.hsic).toBeCloseTo(values.hsic1LL, 9);
  });

  it("are met from float32 embeddings to 1e-4", () => {
    const [p, q] = [ckaSide(single(x)), ckaSide(single(y))];
    expect(Math.abs(unbiasedCka(p, q) - values.ckaUnbiased)).toBeLessThan(1e-4);
  });
});

it.each([
  [4, 3, 2],
  [9, 2, 20],
  [24, 7, 5],
])("equals the Gram form for n = %i, D = %i and %i, centred or not", (n, dx, dy) => {
  const x = affine(random(n, n, dx), 1, 0.5);
  const y = affine(random(n + 1, n, dy), 2, -1);
  const [k, l] = [gramMatrix(x), gramMatrix(y)];
  const [a, b] = [ckaSide(x), ckaSide(y)];
  const expected = hsicByGram(k, l) / Math.sqrt(hsicByGram(k, k) * hsicByGram(l, l));
  expect(a.hsic).toBeCloseTo(hsicByGram(k, k), 8);
  if (Number.isFinite(expected)) expect(unbiasedCka(a, b)).toBeCloseTo(expected, 6);
  else expect(unbiasedCka(a, b)).toBeNaN();
  expect(biasedCka(a, b)).toBeCloseTo(biasedCkaByGram(k, l), 6);
});

it("is 1 for a scaled and shifted copy, and symmetric", () => {
  const x = random(1, 50, 6);
  const y = random(2, 50, 9);
  const copy = affine(x, -3, 7);
  expect(unbiasedCka(ckaSide(x), ckaSide(copy))).toBeCloseTo(1, 5);
  expect(biasedCka(ckaSide(x), ckaSide(copy))).toBeCloseTo(1, 5);
  expect(unbiasedCka(ckaSide(x), ckaSide(y))).toBeCloseTo(unbiasedCka(ckaSide(y), ckaSide(x)), 12);
});

it("does not change when the pairs are reordered together", () => {
  const order = permutation(40, rng(5));
  const [x, y] = [random(3, 40, 6), random(4, 40, 5)];
  const before = unbiasedCka(ckaSide(x), ckaSide(y));
  const after = unbiasedCka(ckaSide(takeRows(x, order)), ckaSide(takeRows(y, order)));
  expect(after).toBeCloseTo(before, 6);
});

it.each([
  [64, 0.858],
  [128, 0.75],
  [256, 0.6],
])(
  "is near 0 for unrelated sets of %i, where the usual CKA is near its floor of %f",
  (n, known) => {
    const [a, b] = [ckaSide(random(n, n, 384)), ckaSide(random(n + 1, n, 384))];
    expect(Math.abs(unbiasedCka(a, b))).toBeLessThan(0.03);
    expect(biasFloor(a, b)).toBeCloseTo(known, 1);
    expect(Math.abs(biasedCka(a, b) - biasFloor(a, b))).toBeLessThan(0.01);
    expect(Math.abs(biasFloor(a, b) - known)).toBeLessThan(0.02);
  },
);

it("has the mean of the usual CKA over every shuffle as its floor", () => {
  const [x, y] = [random(1, 5, 3), random(2, 5, 4)];
  const a = ckaSide(x);
  const all = allOrders(5).map((order) => biasedCka(a, ckaSide(takeRows(y, order))));
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  expect(mean).toBeCloseTo(biasFloor(a, ckaSide(y)), 9);
});

it("counts effective dimensions", () => {
  const n = 2_000;
  expect(participationRatio(ckaSide(random(1, n, 8)))).toBeCloseTo(8, 0);
  const line = matrix(
    n,
    3,
    Float32Array.from({ length: 3 * n }, (_, at) => (at % 3 ? 0 : at)),
  );
  expect(participationRatio(ckaSide(line))).toBeCloseTo(1, 9);
});

describe("degenerate sets", () => {
  const x = random(1, 20, 6);

  it("gives NaN, not a similarity, for vectors that are all equal", () => {
    const collapsed = ckaSide(affine(x, 0, 0.1));
    expect(unbiasedCka(ckaSide(x), collapsed)).toBeNaN();
    expect(unbiasedCka(collapsed, collapsed)).toBeNaN();
    expect(biasedCka(ckaSide(x), collapsed)).toBeNaN();
    expect(participationRatio(collapsed)).toBeNaN();
  });

  it("gives NaN where the unbiased estimate of a set with itself is not positive", () => {
    const four = matrix(4, 3, Float32Array.of(1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0));
    expect(ckaSide(four).hsic).toBeLessThanOrEqual(ckaSide(four).energy);
    const corners = ckaSide(matrix(4, 4, Float32Array.from([0, 5, 10, 15].flatMap(oneHot))));
    expect(corners.hsic).toBeLessThanOrEqual(1e-12);
    expect(unbiasedCka(corners, ckaSide(four))).toBeNaN();
  });

  it("keeps duplicates as they are", () => {
    const twice = takeRows(
      x,
      Uint32Array.from({ length: 40 }, (_, i) => i % 20),
    );
    expect(unbiasedCka(ckaSide(twice), ckaSide(twice))).toBeCloseTo(1, 9);
  });

  it("refuses fewer than four pairs, NaN and infinity", () => {
    const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;
    expect(() => ckaSide(random(1, 3, 2))).toThrow(code("data/too-few"));
    expect(() => ckaSide(affine(x, NaN, 0))).toThrow(code("data/non-finite"));
    expect(() => ckaSide(affine(x, Infinity, 0))).toThrow(code("data/non-finite"));
    expect(() => unbiasedCka(ckaSide(x), ckaSide(random(1, 21, 6)))).toThrow(code("data/shape"));
  });
});

it("averages to zero over every shuffle of a small set: that is what unbiased means", () => {
  const [x, y] = [gramMatrix(random(1, 5, 3)), gramMatrix(random(2, 5, 3))];
  let sum = 0;
  const orders = allOrders(5);
  for (const order of orders) {
    sum += hsicByGram(
      x,
      order.map((i) => order.map((j) => y[i]![j]!)),
    );
  }
  expect(sum / orders.length).toBeCloseTo(0, 12);
  expect(hsic(5, 0, 0, 0)).toBe(0);
});

const oneHot = (at: number) => [0, 1, 2, 3].map((d) => Number(at % 5 === 0 && at / 5 === d));

function allOrders(n: number): number[][] {
  if (n === 0) return [[]];
  return allOrders(n - 1).flatMap((rest) =>
    Array.from({ length: n }, (_, at) => [...rest.slice(0, at), n - 1, ...rest.slice(at)]),
  );
}
