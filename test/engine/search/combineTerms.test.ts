import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combineTerms } from "../../../src/engine/search/combineTerms";

const term = (weight: number, ...vector: number[]) => ({
  weight,
  vector: Float32Array.from(vector),
});

describe("combineTerms", () => {
  it("leaves a single term as it is, its length too", () => {
    expect(combineTerms([term(1, 3, 4, 0)])).toEqual(Float32Array.of(3, 4, 0));
    expect(combineTerms([term(0.2, 3, 4, 0)])).toEqual(Float32Array.of(3, 4, 0));
  });

  it("brings every term to length 1 before it is weighed", () => {
    const [x, y] = combineTerms([term(1, 10, 0), term(1, 0, 0.1)]);
    expect([x, y]).toEqual([expect.closeTo(Math.SQRT1_2, 6), expect.closeTo(Math.SQRT1_2, 6)]);
    const sum = combineTerms([term(3, 1, 0), term(-4, 0, 7)]);
    expect([...sum]).toEqual([expect.closeTo(0.6, 6), expect.closeTo(-0.8, 6)]);
  });

  it("turns a single term that is taken away around", () => {
    expect([...combineTerms([term(-1, 0, 5)])]).toEqual([0, -1]);
  });

  it("does not depend on the order of the terms", () => {
    const terms = fc.array(
      fc.record({
        weight: fc.double({ min: -2, max: 2, noNaN: true }),
        vector: fc
          .tuple(fc.integer({ min: 1, max: 9 }), fc.integer(), fc.integer())
          .map((values) => Float32Array.from(values)),
      }),
      { minLength: 2, maxLength: 5 },
    );
    fc.assert(
      fc.property(terms, (all) => {
        const weight = all.reduce((sum, each) => sum + Math.abs(each.weight), 0);
        fc.pre(weight > 0.5);
        let forward: Float32Array;
        try {
          forward = combineTerms(all);
        } catch {
          return; // they cancel out: see below
        }
        const backward = combineTerms([...all].reverse());
        forward.forEach((value, d) => expect(backward[d]).toBeCloseTo(value, 4));
      }),
    );
  });

  it("refuses terms that cancel out, and none at all", () => {
    expect(() => combineTerms([term(1, 2, 1), term(-1, 4, 2)])).toThrow(/cancel/);
    expect(() => combineTerms([])).toThrow(/cancel/);
  });

  it("refuses NaN", () => {
    expect(() => combineTerms([term(1, NaN, 1), term(1, 1, 0)])).toThrow(/NaN/);
  });
});
