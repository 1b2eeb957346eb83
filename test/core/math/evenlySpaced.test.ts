import { expect, it } from "vitest";
import { evenlySpaced, takeSpaced } from "../../../src/core/math/evenlySpaced";

it("names all of few, and the first and others at even distances of many", () => {
  expect([...evenlySpaced(3, 5)]).toEqual([0, 1, 2]);
  expect([...evenlySpaced(10, 4)]).toEqual([0, 2, 5, 7]);
  expect([...evenlySpaced(0, 4)]).toEqual([]);
});

it("takes all of few values, and as many as allowed of many, in their order", () => {
  expect(takeSpaced(["a", "b"], 2)).toEqual(["a", "b"]);
  expect(takeSpaced(Uint32Array.of(9, 8, 7, 6, 5), 2)).toEqual([9, 7]);
  expect(takeSpaced([], 3)).toEqual([]);
});
