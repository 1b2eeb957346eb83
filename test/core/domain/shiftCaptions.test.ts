import { expect, it } from "vitest";
import type { Pair } from "../../../src/core/domain/dataset";
import { planShift } from "../../../src/core/domain/shiftCaptions";

const pairOf = (row: number, text: number): Pair => ({
  ...{ image: row, text, group: `g${row}`, split: "train", row: `a.csv:${row}` },
});

it("takes every caption from further down and names the rows that are left without", () => {
  const pairs = [0, 1, 2, 3].map((row) => pairOf(row, 10 + row));
  expect(planShift(pairs, 1)).toEqual({
    shift: { kind: "captions", pairs: [0, 1, 2], texts: [11, 12, 13] },
    left: [3],
  });
  expect(planShift(pairs, -2)).toEqual({
    shift: { kind: "captions", pairs: [2, 3], texts: [10, 11] },
    left: [0, 1],
  });
});

it("moves several captions of a row each among its like", () => {
  const pairs = [pairOf(0, 10), pairOf(0, 20), pairOf(1, 11), pairOf(1, 21)];
  expect(planShift(pairs, 1)).toEqual({
    shift: { kind: "captions", pairs: [0, 1], texts: [11, 21] },
    left: [2, 3],
  });
});

it("does not exclude again what is excluded", () => {
  const pairs = [pairOf(0, 10), { ...pairOf(1, 11), excluded: "by hand" }];
  expect(planShift(pairs, 1).left).toEqual([]);
});
