import { describe, expect, it } from "vitest";
import { resolveAlign } from "../../../src/core/domain/alignSettings";
import { expectedMs, remainingMs, runWork } from "../../../src/core/domain/sweepTime";

const work = (given: object, pairs = 1_000) => runWork(resolveAlign(given), pairs);

describe("runWork", () => {
  it("is steps × batch × seeds", () => {
    expect(work({ steps: 100, batchSize: 64, seeds: 3 })).toBe(100 * 64 * 3);
  });

  it("takes no batch larger than the pairs it may train on", () => {
    expect(work({ steps: 100, batchSize: 512, trainOn: 100 })).toBe(100 * 100);
    expect(work({ steps: 100, batchSize: 512, trainOn: 5_000 }, 200)).toBe(100 * 200);
  });

  it("grows with the pairs where steps are chosen by them", () => {
    const sizes = [100, 300, 1_000, 3_000, 30_000].map((trainOn) => work({ trainOn }, 1e6));
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(new Set(sizes).size).toBe(sizes.length);
  });

  it("is a few pairs for a closed form and never 0", () => {
    expect(work({ method: "ridge", seeds: 1 })).toBe(1_000);
    for (const method of ["ridge", "linear"]) expect(work({ method }, 0)).toBeGreaterThan(0);
  });
});

describe("time left", () => {
  const linear = { method: "linear", work: 10 } as const;
  const ridge = { method: "ridge", work: 10 } as const;

  it("is unknown before a run has ended, and 0 when none is left", () => {
    expect(remainingMs([linear], [], 0)).toBeUndefined();
    expect(remainingMs([], [], 0)).toBe(0);
  });

  it("scales by work among runs of a method", () => {
    const finished = [
      { ...linear, elapsedMs: 1_000 },
      { ...linear, work: 30, elapsedMs: 3_000 },
    ];
    expect(expectedMs({ ...linear, work: 5 }, finished)).toBe(500);
    expect(remainingMs([linear, { ...linear, work: 20 }], finished, 400)).toBe(600 + 2_000);
  });

  it("takes the mean of all for a method that has not had its turn", () => {
    const finished = [
      { ...linear, elapsedMs: 1_000 },
      { ...ridge, elapsedMs: 10 },
    ];
    expect(expectedMs({ method: "csa", work: 1 }, finished)).toBe(505);
    expect(expectedMs(ridge, finished)).toBe(10);
  });

  it("never counts the run in hand below 0", () => {
    expect(remainingMs([linear, linear], [{ ...linear, elapsedMs: 100 }], 5_000)).toBe(100);
  });
});
