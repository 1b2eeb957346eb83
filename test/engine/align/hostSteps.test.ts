import { describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import type { Split } from "../../../src/core/domain/dataset";
import type { AlignSettings } from "../../../src/core/domain/alignSettings";
import { defaultRecipe } from "../../../src/core/domain/recipe";
import { matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { dropOut } from "../../../src/engine/align/dropout";
import { fuseMix, mixWeight } from "../../../src/engine/align/fuseMix";
import { batchLowered, resolveTraining } from "../../../src/engine/align/resolveTraining";
import { learningRateAt } from "../../../src/engine/align/schedule";
import { standardizeRows } from "../../../src/engine/align/standardizeRows";

describe("fuseMix", () => {
  const source = matrix(4, 2, Float32Array.of(1, 2, 3, 5, -4, 8, 10, 0));

  it("is the first half of the batch at λ = 1 and the second at λ = 0", () => {
    const indices = Uint32Array.of(3, 0, 2, 1);
    expect(fuseMix(source, indices, 1).data).toEqual(Float32Array.of(10, 0, 1, 2));
    expect(fuseMix(source, indices, 0).data).toEqual(Float32Array.of(-4, 8, 3, 5));
  });

  it("mixes row i with row i + B/2", () => {
    const mixed = fuseMix(source, Uint32Array.of(0, 1, 2, 3), 0.75);
    expect(mixed.rows).toBe(2);
    expect(mixed.data).toEqual(Float32Array.of(-0.25, 3.5, 4.75, 3.75));
  });

  it("leaves the source untouched", () => {
    const before = source.data.slice();
    fuseMix(source, Uint32Array.of(0, 1), 0.5);
    expect(source.data).toEqual(before);
  });

  it("draws λ uniformly, one per step", () => {
    const draws = Array.from({ length: 400 }, (_, step) => mixWeight(3, step));
    expect(draws.reduce((n, v) => n + v, 0) / 400).toBeCloseTo(0.5, 1);
    expect(new Set(draws).size).toBe(400);
  });
});

describe("dropOut", () => {
  it("drops the share asked for and keeps the expectation", () => {
    const data = new Float32Array(20_000).fill(1);
    dropOut(data, 0.1, 5);
    const dropped = data.filter((v) => v === 0).length / data.length;
    expect(dropped).toBeCloseTo(0.1, 2);
    expect(data.reduce((n, v) => n + v, 0) / data.length).toBeCloseTo(1, 2);
  });

  it("drops value i where number i of the seed's stream is below the share", () => {
    const data = new Float32Array(10_000).fill(1); // more than one block
    dropOut(data, 0.3, 9);
    const random = rng(9);
    expect(Array.from(data, (v) => v === 0)).toEqual(Array.from(data, () => random() < 0.3));
  });

  it("drops the same values for the same seed", () => {
    const [one, same, other] = [5, 5, 6].map((seed) => {
      const data = new Float32Array(100).fill(1);
      dropOut(data, 0.5, seed);
      return data;
    });
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });
});

describe("standardizeRows", () => {
  it("gives each row mean 0 and variance 1, and a constant row zeros", () => {
    const data = Float32Array.of(1, 2, 3, 6, 1e4, 1e4, 1e4, 1e4);
    standardizeRows(data, 4);
    const scale = Math.sqrt(3.5 + 1e-5);
    [-2, -1, 0, 3].forEach((v, d) => expect(data[d]).toBeCloseTo(v / scale, 6));
    expect(data.subarray(4)).toEqual(new Float32Array(4));
  });
});

describe("learningRateAt", () => {
  const rates = Array.from({ length: 200 }, (_, step) => learningRateAt(step, 200, 1e-3));

  it("rises linearly over 5 % of the steps, then falls to 1e-5 at the last", () => {
    expect(rates[0]).toBeCloseTo(1e-4, 12);
    expect(rates[9]).toBeCloseTo(1e-3, 12);
    expect(rates[104]).toBeCloseTo((1e-3 + 1e-5) / 2, 9); // half way down the cosine
    expect(rates[199]).toBeCloseTo(1e-5, 12);
  });

  it("never rises after the warm-up", () => {
    for (let s = 10; s < 200; s++) expect(rates[s]).toBeLessThan(rates[s - 1]!);
  });

  it("is defined for a single step and for a peak below 1e-5", () => {
    expect(learningRateAt(0, 1, 1e-3)).toBe(1e-3);
    expect(learningRateAt(9, 10, 1e-6)).toBeCloseTo(1e-6, 15);
  });
});

describe("resolveTraining", () => {
  const settings = (change: Partial<AlignSettings> = {}): AlignSettings => ({
    ...defaultRecipe({ project: "p" }).align,
    ...change,
  });
  /** `train` unrelated training pairs, then twenty for validation. */
  const data = (train: number, perComponent = 1): AlignmentData => {
    const numbers = Uint32Array.from({ length: train + 20 }, (_, i) => i);
    const split = Array.from(numbers, (i): Split => (i < train ? "train" : "validation"));
    const component = numbers.map((i) => Math.floor(i / perComponent));
    return {
      image: matrix(train + 20, 3),
      text: matrix(train + 20, 2),
      pairs: { length: train + 20, image: numbers, text: numbers, split, component },
    };
  };

  it("takes all unrelated training pairs, even, at most 1,024", () => {
    expect(resolveTraining(settings(), data(301)).batchSize).toBe(300);
    expect(resolveTraining(settings(), data(3_000)).batchSize).toBe(1_024);
    expect(resolveTraining(settings({ batchSize: 4_096 }), data(301)).batchSize).toBe(300);
  });

  it("mixes below 10,000 pairs, unless told otherwise", () => {
    expect(resolveTraining(settings(), data(9_999)).fuseMix).toBe(true);
    expect(resolveTraining(settings(), data(10_000)).fuseMix).toBe(false);
    expect(resolveTraining(settings({ fuseMix: false }), data(100)).fuseMix).toBe(false);
  });

  it("keeps the steps given, and chooses between 200 and 5,000 itself", () => {
    expect(resolveTraining(settings({ steps: 7 }), data(100)).steps).toBe(7);
    expect(resolveTraining(settings(), data(100)).steps).toBe(200);
    expect(resolveTraining(settings(), data(3_000)).steps).toBe(439);
    expect(resolveTraining(settings(), data(35_000)).steps).toBe(5_000);
  });

  it("refuses too few pairs for a contrast", () => {
    const tooFew = expect.objectContaining({ code: "data/too-few" }) as Error;
    expect(() => resolveTraining(settings(), data(3))).toThrowError(tooFew);
    expect(resolveTraining(settings(), data(4)).batchSize).toBe(4);
    expect(resolveTraining(settings({ fuseMix: false }), data(2)).batchSize).toBe(2);
  });

  it("says when it lowered the batch, and not when it dropped the odd one", () => {
    const lowered = (batchSize: number) =>
      batchLowered(settings({ batchSize }), resolveTraining(settings({ batchSize }), data(301)));
    expect(lowered(4_096)).toEqual({
      code: "batch-lowered",
      detail: "4096 asked for, 300 taken",
    });
    expect(lowered(301)).toBeNull();
    expect(lowered(64)).toBeNull();
    expect(batchLowered(settings(), resolveTraining(settings(), data(301)))).toBeNull();
  });

  it("counts pairs, not components, where positives are drawn freely, and does not mix them", () => {
    const five = data(500, 5);
    const free = resolveTraining(settings({ positives: "masked" }), five);
    expect([free.batchSize, free.fuseMix]).toEqual([500, false]);
    expect(resolveTraining(settings(), five).batchSize).toBe(100);
    expect(resolveTraining(settings({ positives: "several" }), five).batchSize).toBe(100);
  });

  it("takes the width of a locked side, and mixes no corpus", () => {
    const projectors = { image: "identity", text: "auto" } as const;
    const locked = resolveTraining(settings({ projectors, negatives: "corpus" }), data(100));
    expect([locked.dimension, locked.fuseMix]).toEqual([3, false]);
    expect(resolveTraining(settings({ projectors }), data(100)).fuseMix).toBe(true);
    expect(resolveTraining(settings(), data(100)).dimension).toBe(512);
  });

  it("takes dropout from the heads and patience from the steps", () => {
    expect(resolveTraining(settings(), data(100)).dropout).toBe(0.1);
    expect(resolveTraining(settings({ method: "linear" }), data(100)).dropout).toBe(0);
    expect(resolveTraining(settings({ dropout: 0.4 }), data(100)).dropout).toBe(0.4);
    expect(resolveTraining(settings({ steps: 900 }), data(100)).patience).toBe(300);
    expect(resolveTraining(settings({ steps: 90 }), data(100)).patience).toBe(100);
    expect(resolveTraining(settings({ patience: null }), data(100)).patience).toBeNull();
  });
});
