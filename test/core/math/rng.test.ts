import { expect, it } from "vitest";
import { permutation, rng, seedFrom } from "../../../src/core/math/rng";
import { golden } from "../../support/goldenData";

it("draws the golden mulberry32 stream", () => {
  const random = rng(1);
  expect([random(), random(), random(), random()]).toEqual(golden.values.mulberry32Seed1First4);
});

it("permutes without losing or repeating anything, the same way for the same seed", () => {
  const order = permutation(50, rng(3));
  expect([...order].sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
  expect(permutation(50, rng(3))).toEqual(order);
  expect(permutation(50, rng(4))).not.toEqual(order);
});

it("gives every purpose its own seed", () => {
  const seeds = [seedFrom(0, "a"), seedFrom(0, "b"), seedFrom(1, "a"), seedFrom(0, "a", 1)];
  expect(new Set(seeds).size).toBe(4);
  expect(seedFrom(0, "a")).toBe(seeds[0]);
});
