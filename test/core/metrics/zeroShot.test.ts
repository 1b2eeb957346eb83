import { describe, expect, it } from "vitest";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import {
  classVectors,
  nearestClassMeanCeiling,
  zeroShot,
} from "../../../src/core/metrics/zeroShot";

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

describe("nearest class mean", () => {
  const train = rows([0, 100, 5], [1, 100, 5], [10, 100, 5], [11, 100, 5]);

  it("separates classes along a small dimension beside a large constant one", () => {
    const test = rows([0.5, 100, 5], [10.5, 100, 5], [9, 100, 5]);
    const ceiling = nearestClassMeanCeiling(train, truth(0, 0, 1, 1), test, truth(0, 1, 0));
    expect(ceiling).toBeCloseTo(2 / 3, 15);
  });

  it("never predicts a class without training items, and never counts it right", () => {
    const test = rows([0.5, 100, 5], [10.5, 100, 5]);
    expect(nearestClassMeanCeiling(train, truth(0, 0, 2, 2), test, truth(1, 2))).toBe(0.5);
  });

  it("scores features that do not vary 0", () => {
    const flat = matrix(4, 2, new Float32Array(8).fill(3));
    expect(nearestClassMeanCeiling(flat, truth(0, 0, 1, 1), flat, truth(0, 0, 1, 1))).toBe(0);
  });

  it("refuses NaN and empty sides", () => {
    const nonFinite = expect.objectContaining({ code: "data/non-finite" });
    const bad = rows([NaN, 1, 1]);
    expect(() => nearestClassMeanCeiling(train, truth(0, 0, 1, 1), bad, truth(0))).toThrow(
      nonFinite,
    );
    const tooFew = expect.objectContaining({ code: "data/too-few" });
    expect(() => nearestClassMeanCeiling(train, truth(0, 0, 1, 1), matrix(0, 3), truth())).toThrow(
      tooFew,
    );
  });
});
