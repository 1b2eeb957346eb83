import { describe, expect, it } from "vitest";
import { matrix, normalizeRows, takeRows, type Matrix } from "../../../src/core/math/matrix";
import { permutation, rng } from "../../../src/core/math/rng";
import {
  mutualKnn,
  mutualKnnChance,
  mutualKnnOfMany,
  neighboursOf,
  takeNearest,
  type Neighbours,
} from "../../../src/core/metrics/mutualKnn";
import { gauss, golden, goldenSides } from "../../support/goldenData";
import type { Matrix64 } from "../../../src/core/math/linalg/matrix64";

const { values } = golden;
const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;
const single = (m: Matrix64) => matrix(m.rows, m.cols, Float32Array.from(m.data));
const random = (seed: number, n: number, d: number) => single(gauss(seed, n, d));

/** All similarities [n, n] by cosine, in float64. */
function cosines(m: Matrix): Float64Array {
  const unit = normalizeRows(m);
  const out = new Float64Array(m.rows * m.rows);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.rows; j++) {
      for (let d = 0; d < m.cols; d++) {
        out[i * m.rows + j]! += unit.data[i * m.cols + d]! * unit.data[j * m.cols + d]!;
      }
    }
  }
  return out;
}

function nearest(m: Matrix, k: number): Neighbours {
  const found = neighboursOf(m.rows, k);
  takeNearest(found, cosines(m), 0);
  return found;
}

/** The k nearest by sorting everything, ties by index. */
function byNaiveSort(m: Matrix, k: number): number[][] {
  const scores = cosines(m);
  return Array.from({ length: m.rows }, (_, i) =>
    Array.from({ length: m.rows }, (_, j) => j)
      .filter((j) => j !== i)
      .sort((a, b) => scores[i * m.rows + b]! - scores[i * m.rows + a]! || a - b)
      .slice(0, k),
  );
}

const rowsOf = ({ indices, k }: Neighbours) =>
  Array.from({ length: indices.length / k }, (_, i) => [...indices.subarray(i * k, (i + 1) * k)]);

it.each([1, 3, 5] as const)("meets the golden value for k = %i", (k) => {
  const { x, y } = goldenSides();
  const expected = values[`mutualKnnK${k}`];
  expect(mutualKnn(nearest(single(x), k), nearest(single(y), k))).toBeCloseTo(expected, 12);
});

it("finds what sorting everything finds, block by block", () => {
  const m = random(7, 60, 5);
  const scores = cosines(m);
  const blocks = neighboursOf(60, 7);
  for (let start = 0; start < 60; start += 16) {
    takeNearest(blocks, scores.subarray(start * 60, Math.min(60, start + 16) * 60), start);
  }
  expect(rowsOf(blocks)).toEqual(byNaiveSort(m, 7));
});

it("gives ties to the lower index and never finds an item itself", () => {
  const same = matrix(5, 2, Float32Array.from([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]));
  expect(rowsOf(nearest(same, 2))).toEqual([
    [1, 2],
    [0, 2],
    [0, 1],
    [0, 1],
    [0, 1],
  ]);
});

it("is 1 for a rotated and scaled copy, symmetric, and blind to a joint reordering", () => {
  const x = random(1, 50, 4);
  const y = random(2, 50, 4);
  const turned = matrix(
    50,
    4,
    x.data.map((_, at) => 3 * x.data[at - (at % 4) + ((at + 1) % 4)]!),
  );
  const order = permutation(50, rng(3));
  const value = mutualKnn(nearest(x, 5), nearest(y, 5));
  expect(mutualKnn(nearest(x, 5), nearest(turned, 5))).toBe(1);
  expect(mutualKnn(nearest(y, 5), nearest(x, 5))).toBe(value);
  const together = [takeRows(x, order), takeRows(y, order)].map((m) => nearest(m, 5));
  expect(mutualKnn(together[0]!, together[1]!)).toBeCloseTo(value, 12);
});

it("averages to k / (n - 1) over shuffles", () => {
  const [x, y] = [nearest(random(1, 80, 6), 10), nearest(random(2, 80, 6), 10)];
  let sum = 0;
  for (let b = 0; b < 300; b++) sum += mutualKnn(x, y, permutation(80, rng(b)));
  expect(Math.abs(sum / 300 - mutualKnnChance(80, 10))).toBeLessThan(0.002);
});

it("shuffles the pairing as reordering the second set does", () => {
  const [x, y] = [random(1, 30, 6), random(2, 30, 6)];
  const order = permutation(30, rng(4));
  const shuffled = mutualKnn(nearest(x, 4), nearest(y, 4), order);
  expect(shuffled).toBeCloseTo(mutualKnn(nearest(x, 4), nearest(takeRows(y, order), 4)), 12);
  const many = mutualKnnOfMany([nearest(x, 4), nearest(y, 4)], nearest(y, 4), order);
  expect(many[0]).toBe(shuffled);
});

it("satisfies m(A, C) >= m(A, B) + m(B, C) - 1", () => {
  const base = random(1, 60, 5);
  const noisy = (seed: number) => {
    const noise = random(seed, 60, 5);
    return nearest(
      matrix(
        60,
        5,
        base.data.map((v, at) => v + 0.1 * noise.data[at]!),
      ),
      8,
    );
  };
  const [a, b, c] = [noisy(2), noisy(3), noisy(4)];
  expect(mutualKnn(a, c)).toBeGreaterThanOrEqual(mutualKnn(a, b) + mutualKnn(b, c) - 1);
});

it("leaves out items of an equal number where asked to", () => {
  const m = random(9, 24, 3);
  const folds = Uint8Array.from({ length: 24 }, (_, i) => i % 3);
  const found = neighboursOf(24, 5);
  takeNearest(found, cosines(m), 0, folds);
  rowsOf(found).forEach((list, i) => {
    expect(list.every((j) => folds[j] !== folds[i])).toBe(true);
  });
});

describe("degenerate input", () => {
  it("refuses NaN instead of leaving it out", () => {
    const scores = new Float64Array(9).fill(0.5);
    scores[5] = NaN;
    expect(() => takeNearest(neighboursOf(3, 1), scores, 0)).toThrow(code("data/non-finite"));
  });

  it("refuses as many neighbours as there are items", () => {
    expect(() => neighboursOf(10, 10)).toThrow(code("data/too-few"));
    expect(() => neighboursOf(0, 10)).toThrow(code("data/too-few"));
  });

  it("refuses sets of different sizes", () => {
    expect(() => mutualKnn(neighboursOf(5, 2), neighboursOf(6, 2))).toThrow(code("data/shape"));
    expect(() => mutualKnn(neighboursOf(6, 3), neighboursOf(6, 2))).toThrow(code("data/shape"));
  });
});
