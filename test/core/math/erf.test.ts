import { describe, expect, it } from "vitest";
import { erf } from "../../../src/core/math/erf";

describe("erf", () => {
  it.each([
    [0, 0],
    [1e-9, 1.1283791670955126e-9],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [4, 0.9999999845827421],
  ])("agrees with Python's math.erf at %d", (x, expected) => {
    expect(Math.abs(erf(x) - expected)).toBeLessThan(2e-15);
    expect(erf(-x)).toBe(-erf(x));
  });

  it("ends at ±1 and passes NaN on", () => {
    expect([erf(7), erf(-Infinity), erf(Infinity)]).toEqual([1, -1, 1]);
    expect(erf(NaN)).toBeNaN();
  });
});
