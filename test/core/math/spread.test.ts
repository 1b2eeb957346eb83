import { describe, expect, it } from "vitest";
import { spreadOf } from "../../../src/core/math/spread";

describe("spreadOf", () => {
  it("divides by n − 1", () => {
    expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      mean: 5,
      deviation: Math.sqrt(32 / 7),
      n: 8,
    });
  });

  it("has no deviation for one value, and nothing for none", () => {
    expect(spreadOf([3])).toEqual({ mean: 3, deviation: NaN, n: 1 });
    expect(spreadOf([])).toEqual({ mean: NaN, deviation: NaN, n: 0 });
  });

  it("is NaN as soon as one value is", () => {
    expect(spreadOf([1, NaN, 2]).mean).toBeNaN();
  });
});
