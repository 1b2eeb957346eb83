import { expect, it } from "vitest";
import { rankCorrelation } from "../../../src/core/metrics/rankCorrelation";

it("heeds the order only, not the sizes", () => {
  expect(rankCorrelation([1, 2, 3, 4], [1, 10, 100, 1000])).toBe(1);
  expect(rankCorrelation([1, 2, 3, 4], [9, 7, 5, -100])).toBe(-1);
});

it("gives the textbook value without ties", () => {
  // 1 − 6 Σd² / (n (n² − 1)) with d = 1, 1, 1, 1, 0
  expect(rankCorrelation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])).toBeCloseTo(1 - (6 * 4) / (5 * 24), 12);
});

it("shares the mean rank among equal values, as scipy does", () => {
  expect(rankCorrelation([1, 2, 2, 3], [1, 3, 2, 4])).toBeCloseTo(0.9486832980505138, 12);
});

it("does not know an order of equal values", () => {
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNaN();
  expect(rankCorrelation([], [])).toBeNaN();
});

it("refuses lists of different lengths, and NaN", () => {
  const code = (name: string) => expect.objectContaining({ code: name }) as Error;
  expect(() => rankCorrelation([1], [1, 2])).toThrow(code("data/shape"));
  expect(() => rankCorrelation([1, NaN], [1, 2])).toThrow(code("data/non-finite"));
});
