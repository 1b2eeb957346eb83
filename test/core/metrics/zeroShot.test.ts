import { describe, expect, it } from "vitest";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import { classVectors, zeroShot } from "../../../src/core/metrics/zeroShot";
import { rng } from "../../../src/core/math/rng";

const rows = (...values: number[][]): Matrix =>
  matrix(values.length, values[0]!.length, Float32Array.from(values.flat()));
const axes = rows([1, 0, 0], [0, 1, 0], [0, 0, 1]);
const truth = (...classes: number[]) => Int32Array.from(classes);
const seed = { seed: 1 };

describe("zero-shot classification", () => {
  it("predicts the class that matches best", () => {
    const images = rows([3, 1, 0], [0, 1, 2], [0.1, 0, 0.2], [0, 5, 1]);
    const scores = zeroShot(images, axes, truth(0, 1, 2, 1), seed);
    expect([...scores.predictions]).toEqual([0, 2, 2, 1]);
    expect(scores.top1.value).toBe(0.75);
    expect(scores.top5.value).toBe(1);
  });

  it("averages over classes, not over images, for the macro accuracy", () => {
    const images = rows([1, 0, 0], [1, 0, 0], [1, 0, 0], [1, 0, 0]);
    const scores = zeroShot(images, axes, truth(0, 0, 0, 1), seed);
    expect(scores.top1.value).toBe(0.75);
    expect(scores.macro).toBe(0.5);
  });

  it("scores equal class vectors 0, not 1", () => {
    const same = matrix(7, 2, new Float32Array(14).fill(0.7));
    const scores = zeroShot(rows([1, 1], [1, 0]), same, truth(0, 3), seed);
    expect([scores.top1.value, scores.top5.value, scores.macro]).toEqual([0, 0, 0]);
  });

  it("counts the truth in fifth place, not in sixth", () => {
    const classes = rows([6], [5], [4], [3], [2], [1]);
    const scores = zeroShot(rows([1], [1]), classes, truth(4, 5), seed);
    expect(scores.top5.value).toBe(0.5);
  });

  it("predicts a wrong class where it ties with the truth, so predictions and accuracy agree", () => {
    const same = matrix(3, 2, new Float32Array(6).fill(0.7));
    const { predictions } = zeroShot(rows([1, 1], [1, 0], [2, 1]), same, truth(0, 1, 2), seed);
    expect([...predictions]).toEqual([1, 0, 0]);
  });

  it("agrees with sorting every class by its score", () => {
    const random = rng(3);
    const noise = (n: number) =>
      matrix(
        n,
        4,
        Float32Array.from({ length: n * 4 }, () => random() - 0.5),
      );
    const [images, classes] = [noise(60), noise(8)];
    const own = Int32Array.from({ length: 60 }, () => Math.floor(8 * random()));
    const scores = zeroShot(images, classes, own, seed);
    const orders = Array.from(own, (_, i) => {
      const of = (c: number) =>
        [0, 1, 2, 3].reduce((n, d) => n + images.data[i * 4 + d]! * classes.data[c * 4 + d]!, 0);
      return [...Array(8).keys()].sort((a, b) => of(b) - of(a));
    });
    expect([...scores.predictions]).toEqual(orders.map(([best]) => best));
    const within = (k: number) =>
      orders.filter((o, i) => o.slice(0, k).includes(own[i]!)).length / 60;
    expect(scores.top1.value).toBeCloseTo(within(1), 12);
    expect(scores.top5.value).toBeCloseTo(within(5), 12);
    const shares = [...new Set(own)].map((c) => {
      const of = orders.filter((_, i) => own[i] === c);
      return of.filter(([best]) => best === c).length / of.length;
    });
    expect(scores.macro).toBeCloseTo(shares.reduce((n, v) => n + v, 0) / shares.length, 12);
  });

  it("refuses NaN, unknown classes and no images", () => {
    const nonFinite = expect.objectContaining({ code: "data/non-finite" });
    expect(() => zeroShot(rows([NaN, 0, 0]), axes, truth(0), seed)).toThrow(nonFinite);
    const shape = expect.objectContaining({ code: "data/shape" });
    expect(() => zeroShot(axes, axes, truth(0, 1, 3), seed)).toThrow(shape);
    expect(() => zeroShot(axes, axes, truth(0, 1), seed)).toThrow(shape);
    const tooFew = expect.objectContaining({ code: "data/too-few" });
    expect(() => zeroShot(matrix(0, 3), axes, truth(), seed)).toThrow(tooFew);
  });
});

describe("class vectors", () => {
  it("normalise before and after the mean", () => {
    // Two templates of very different length count equally.
    const [x, y] = classVectors(rows([10, 0], [0, 0.1]), 2).data;
    expect(x).toBeCloseTo(Math.SQRT1_2, 6);
    expect(y).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it("keep the templates of one class together", () => {
    const vectors = classVectors(rows([1, 0], [2, 0], [0, 3], [0, 4]), 2);
    expect([...vectors.data]).toEqual([1, 0, 0, 1]);
  });

  it("refuse rows that are not whole classes", () => {
    const shape = expect.objectContaining({ code: "data/shape" });
    expect(() => classVectors(axes, 2)).toThrow(shape);
  });
});
