import { expect, it } from "vitest";
import { fillBits, permutation, rng, seedFrom } from "../../../src/core/math/rng";
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

it("gives the numbers of a stream at once, from any place on", () => {
  for (const seed of [0, 1, 0xffffffff, seedFrom(3, "dropout", 7)]) {
    const random = rng(seed);
    const numbers = Array.from({ length: 50 }, random);
    const whole = new Uint32Array(50);
    fillBits(whole, seed);
    expect(Array.from(whole, (bits) => bits / 2 ** 32)).toEqual(numbers);
    const part = new Uint32Array(13);
    fillBits(part, seed, 37);
    expect(Array.from(part)).toEqual(Array.from(whole.subarray(37)));
  }
});
