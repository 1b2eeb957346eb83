import { describe, expect, it } from "vitest";
import { calibrate, cutoffOf, maximaOf } from "../../../src/core/metrics/permutationNull";
import { rng } from "../../../src/core/math/rng";

const below = Array.from({ length: 199 }, (_, b) => b / 1_000); // 0 ... 0.198

describe("p", () => {
  it("is 1 / (K + 1) when no shuffle reaches the value, never 0", () => {
    expect(calibrate(0.5, below, below).p).toBe(1 / 200);
  });

  it("counts shuffles that equal the value", () => {
    expect(calibrate(0.198, below, below).p).toBe(2 / 200);
    expect(calibrate(0, below, below).p).toBe(1);
  });

  it("is uniform when the value is one of the shuffles", () => {
    const random = rng(1);
    let small = 0;
    for (let trial = 0; trial < 2_000; trial++) {
      const all = Array.from({ length: 100 }, random);
      small += Number(calibrate(all[0]!, all.slice(1), all.slice(1)).p <= 0.05);
    }
    expect(small / 2_000).toBeGreaterThan(0.035);
    expect(small / 2_000).toBeLessThan(0.065);
  });
});

it("puts the cut-off at the 95 % order statistic of null and observation together", () => {
  expect(cutoffOf(below, 0.5)).toBe(0.189); // the 190th smallest of 200
  expect(cutoffOf([0.2], 0.1)).toBe(0.2);
});

it("calibrates the cut-off to 0 and the largest similarity to 1", () => {
  expect(calibrate(1, below, below).calibrated).toBe(1);
  expect(calibrate(0.189, below, below).calibrated).toBe(0);
  expect(calibrate(-0.3, below, below).calibrated).toBe(0);
  expect(calibrate(0.5, below, below).calibrated).toBeCloseTo((0.5 - 0.189) / (1 - 0.189), 12);
});

describe("the best of many", () => {
  it("is compared with the best of each shuffle", () => {
    const maxima = maximaOf([
      [0.1, 0.5, 0.2],
      [0.3, 0.1, NaN],
    ]);
    expect([...maxima]).toEqual([0.3, 0.5, 0.2]);
    const { p, familyP } = calibrate(0.35, [0.1, 0.2, 0.1], maxima);
    expect(p).toBe(1 / 4);
    expect(familyP).toBe(2 / 4);
  });

  it("is never more certain than one alone", () => {
    const random = rng(2);
    const nulls = Array.from({ length: 8 }, () => Array.from({ length: 50 }, random));
    const maxima = maximaOf(nulls);
    for (const values of nulls) {
      const { p, familyP } = calibrate(0.97, values, maxima);
      expect(familyP).toBeGreaterThanOrEqual(p);
    }
  });
});

describe("degenerate input", () => {
  it("makes every figure NaN for a value that is NaN", () => {
    expect(Object.values(calibrate(NaN, below, below)).every(Number.isNaN)).toBe(true);
  });

  it("gives 0, not NaN, where every shuffle is a perfect match", () => {
    expect(calibrate(1, [1, 1, 1], [1, 1, 1])).toMatchObject({ p: 1, calibrated: 0 });
  });

  it("refuses no shuffles at all", () => {
    const tooFew = expect.objectContaining({ code: "data/too-few" }) as Error;
    expect(() => calibrate(0.5, [], [])).toThrow(tooFew);
  });

  it("does not count shuffles without a value", () => {
    expect(calibrate(0.5, [0.1, NaN, 0.2], [0.1, NaN, 0.2]).p).toBe(1 / 3);
  });
});
