import { describe, expect, it } from "vitest";
import type { PairTable } from "../../../src/core/domain/alignmentData";
import type { Split } from "../../../src/core/domain/dataset";
import {
  drawComponents,
  keepComponents,
  trainingComponents,
} from "../../../src/core/domain/trainingSubset";

/** Pairs with these components, two pairs each; every tenth component is held out. */
function table(components: number): PairTable {
  const length = 2 * components;
  const numbers = Uint32Array.from({ length }, (_, p) => p);
  const heldOut: Split[] = ["validation", "test"];
  return {
    length,
    image: numbers,
    text: numbers.map((p) => p >> 1),
    component: numbers.map((p) => p >> 1),
    split: Array.from(numbers, (p) => ((p >> 1) % 10 === 0 ? heldOut[p & 1]! : "train")),
  };
}

describe("trainOn a number", () => {
  const pairs = table(100);

  it("draws that many unrelated training pairs, and only of those", () => {
    const kept = drawComponents(pairs, 30, 0);
    expect(kept.size).toBe(30);
    const training = new Set(trainingComponents(pairs));
    expect(training.size).toBe(90);
    expect([...kept].every((component) => training.has(component))).toBe(true);
  });

  it("nests the sizes of one seed, and differs between seeds", () => {
    const draws = [10, 30, 60].map((count) => drawComponents(pairs, count, 7));
    expect([...draws[0]!].every((c) => draws[1]!.has(c))).toBe(true);
    expect([...draws[1]!].every((c) => draws[2]!.has(c))).toBe(true);
    expect(drawComponents(pairs, 10, 8)).not.toEqual(draws[0]);
    expect(drawComponents(pairs, 10, 7)).toEqual(draws[0]);
  });

  it("gives all there are when more are asked for", () => {
    expect(drawComponents(pairs, 1_000, 0).size).toBe(90);
  });

  it("keeps both pairs of a drawn component, and validation and test whole", () => {
    const kept = keepComponents(pairs, new Set([1, 2, 10]));
    const of = (split: Split) =>
      Array.from(kept.component).filter((_, p) => kept.split[p] === split);
    expect(of("train")).toEqual([1, 1, 2, 2]); // 10 is held out, so nothing of it trains
    expect([of("validation").length, of("test").length]).toEqual([10, 10]);
    expect(kept.length).toBe(24);
    expect([...kept.image.subarray(0, 4)]).toEqual([0, 1, 2, 3]);
  });
});
