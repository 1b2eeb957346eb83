import { describe, expect, it } from "vitest";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import {
  nearestClassMeanCeiling,
  nearestNeighboursCeiling,
} from "../../../src/core/metrics/featureCeilings";

const rows = (...values: number[][]): Matrix =>
  matrix(values.length, values[0]!.length, Float32Array.from(values.flat()));
const truth = (...classes: number[]) => Int32Array.from(classes);

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

/** Votes of the 20 nearest by cosine of z-scored dimensions, ties lost: the definition, sorted. */
function knnOracle(train: number[][], trainTruth: number[], test: number[][], own: number[]) {
  const mean = train[0]!.map((_, d) => train.reduce((n, r) => n + r[d]!, 0) / train.length);
  const deviation = mean.map((m, d) =>
    Math.sqrt(train.reduce((n, r) => n + (r[d]! - m) ** 2, 0) / train.length),
  );
  const unit = (r: number[]) => {
    const z = r.map((v, d) => (v - mean[d]!) / deviation[d]!);
    return z.map((v) => v / Math.sqrt(z.reduce((n, x) => n + x * x, 0)));
  };
  const units = train.map(unit);
  const hits = test.filter((item, i) => {
    const z = unit(item);
    const cosine = (j: number) => units[j]!.reduce((n, v, d) => n + v * z[d]!, 0);
    const near = [...units.keys()].sort((a, b) => cosine(b) - cosine(a)).slice(0, 20);
    const votes = (c: number) => near.filter((j) => trainTruth[j] === c).length;
    return [0, 1, 2].every((c) => c === own[i] || votes(c) < votes(own[i]!));
  });
  return hits.length / test.length;
}

describe("nearest neighbours", () => {
  it("agree with the definition", () => {
    const random = rng(2);
    const sample = (n: number) => {
      const own = Array.from({ length: n }, () => Math.floor(3 * random()));
      const items = own.map((c) =>
        [0, 1, 2, 3].map((d) => random() + (d === c ? 0.5 : 0) + 10 * d),
      );
      return { own, items };
    };
    const [train, test] = [sample(90), sample(40)];
    const found = nearestNeighboursCeiling(
      rows(...train.items),
      truth(...train.own),
      rows(...test.items),
      truth(...test.own),
    );
    expect(found).toBeCloseTo(knnOracle(train.items, train.own, test.items, test.own), 12);
    expect(found).toBeGreaterThan(0.5);
  });

  it("lose a tied vote, and have all neighbours of fewer than 20 items", () => {
    const train = rows([1, 0], [0, 1], [1, 0.1], [0.1, 1]);
    const halves = nearestNeighboursCeiling(train, truth(0, 1, 0, 1), rows([1, 0]), truth(0));
    expect(halves).toBe(0);
    expect(nearestNeighboursCeiling(train, truth(0, 1, 0, 0), rows([0, 1]), truth(0))).toBe(1);
  });

  it("never find a class without training items", () => {
    const train = rows([1, 0], [0, 1], [1, 0.1]);
    expect(nearestNeighboursCeiling(train, truth(0, 1, 0), rows([1, 0]), truth(2))).toBe(0);
  });

  it("refuse NaN, empty sides and lengths that differ", () => {
    const train = rows([1, 0], [0, 1]);
    const nonFinite = expect.objectContaining({ code: "data/non-finite" });
    const bad = rows([NaN, 1]);
    expect(() => nearestNeighboursCeiling(train, truth(0, 1), bad, truth(0))).toThrow(nonFinite);
    const tooFew = expect.objectContaining({ code: "data/too-few" });
    expect(() => nearestNeighboursCeiling(train, truth(0, 1), matrix(0, 2), truth())).toThrow(
      tooFew,
    );
    const shape = expect.objectContaining({ code: "data/shape" });
    expect(() => nearestNeighboursCeiling(train, truth(0), train, truth(0, 1))).toThrow(shape);
  });
});
