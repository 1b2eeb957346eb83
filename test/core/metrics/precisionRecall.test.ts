import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestF1, precisionRecall, wilsonShare } from "../../../src/core/metrics/precisionRecall";
import { rng, permutation } from "../../../src/core/math/rng";

const scores = (...values: number[]) => Float64Array.from(values);

/** By the definition: for every distinct score, count. */
function naive(values: readonly number[], positive: readonly number[]) {
  const thresholds = [...new Set(values)].sort((a, b) => b - a);
  return thresholds.map((threshold) => {
    const taken = values.flatMap((value, i) => (value >= threshold ? [positive[i]!] : []));
    return { threshold, flagged: taken.length, hits: taken.filter((one) => one === 1).length };
  });
}

describe("precisionRecall", () => {
  it("is the hand case", () => {
    // .9 yes, .8 no, .7 yes, .1 no: AP = 1/2 · 1 + 1/2 · 2/3
    const curve = precisionRecall(scores(0.7, 0.9, 0.1, 0.8), [1, 1, 0, 0]);
    expect(curve.points).toEqual([
      { threshold: 0.9, flagged: 1, hits: 1 },
      { threshold: 0.8, flagged: 2, hits: 1 },
      { threshold: 0.7, flagged: 3, hits: 2 },
      { threshold: 0.1, flagged: 4, hits: 2 },
    ]);
    expect(curve.averagePrecision).toBeCloseTo(0.5 + 1 / 3, 12);
    expect(bestF1(curve)).toMatchObject({ threshold: 0.7 });
  });

  it("equals counting by the definition, and does not depend on the order of items", () => {
    const items = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 })),
      {
        minLength: 1,
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(items, fc.integer({ min: 0, max: 99 }), (all, seed) => {
        fc.pre(all.some(([, positive]) => positive === 1));
        const curve = precisionRecall(
          Float64Array.from(all, ([score]) => score / 7),
          all.map(([, positive]) => positive),
        );
        const values = all.map(([score]) => score / 7);
        const truth = all.map(([, positive]) => positive);
        expect(curve.points).toEqual(naive(values, truth));
        const order = [...permutation(all.length, rng(seed))];
        const shuffled = precisionRecall(
          Float64Array.from(order, (i) => values[i]!),
          order.map((i) => truth[i]!),
        );
        expect(shuffled).toEqual(curve);
      }),
    );
  });

  it("takes equal scores together: one who says the same of all knows only how many there are", () => {
    const curve = precisionRecall(scores(0.5, 0.5, 0.5, 0.5), [1, 0, 0, 0]);
    expect(curve.points).toEqual([{ threshold: 0.5, flagged: 4, hits: 1 }]);
    expect(curve.averagePrecision).toBe(0.25);
  });

  it("refuses NaN, other lengths, and a label nobody has", () => {
    expect(() => precisionRecall(scores(NaN), [1])).toThrow(/NaN/);
    expect(() => precisionRecall(scores(1, 2), [1])).toThrow(/2 scores/);
    expect(() => precisionRecall(scores(1, 2), [0, 0])).toThrow(/no item of this label/);
  });
});

describe("wilsonShare", () => {
  it("is the interval of the paper's formula", () => {
    // 15 of 20, the formula written out in Python
    const { value, low, high } = wilsonShare(15, 20);
    expect([value, low, high]).toEqual([
      0.75,
      expect.closeTo(0.531299, 5),
      expect.closeTo(0.888138, 5),
    ]);
  });

  it("has a width also where nothing, or everything, was found", () => {
    expect(wilsonShare(0, 10)).toMatchObject({
      low: 0,
      high: expect.closeTo(0.277533, 5) as number,
    });
    expect(wilsonShare(10, 10)).toMatchObject({
      low: expect.closeTo(0.722467, 5) as number,
      high: expect.closeTo(1, 12) as number,
    });
    expect(() => wilsonShare(0, 0)).toThrow(/share of nothing/);
  });
});
