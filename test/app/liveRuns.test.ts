import { expect, it } from "vitest";
import { LiveRuns } from "../../src/app/liveRuns";
import type { AlignProgress } from "../../src/core/domain/alignRequest";
import { baseline, point, retrieval } from "../support/retrieval";

const progress = (part: Partial<AlignProgress>): AlignProgress => ({
  ...{ stage: "train", done: 1, total: 10, unit: "steps" },
  ...part,
});
const steps = (live: LiveRuns) => live.get("r").points.map(({ step }) => step);

it("collects points, baselines, checkpoints and the device", () => {
  const live = new LiveRuns();
  live.add("r", progress({ points: [point(1)], device: "wasm" }));
  live.add("r", progress({ points: [point(2)], checkpointStep: 2 }));
  live.add("r", progress({ baseline: baseline("chance", 0.1) }));
  expect(steps(live)).toEqual([1, 2]);
  expect(live.get("r")).toMatchObject({ checkpointStep: 2, device: "wasm" });
  expect(live.get("r").baselines).toHaveLength(1);
  expect(live.get("other").points).toEqual([]);
});

it("starts a new curve with each seed and each candidate, and keeps what they gave", () => {
  const live = new LiveRuns();
  const seedResult = {
    ...{ seed: 0, best: null, validation: null, test: retrieval(0.5), history: [], elapsedMs: 1 },
  };
  const candidate = {
    ...{ method: "csa" as const, score: 0.5, validation: retrieval(0.5), chosen: {}, elapsedMs: 1 },
  };
  live.add("r", progress({ points: [point(1), point(2)], checkpointStep: 2 }));
  live.add("r", progress({ seedResult }));
  expect(live.get("r")).toMatchObject({
    points: [],
    checkpointStep: -1,
    seedResults: [seedResult],
  });
  live.add("r", progress({ points: [point(1)] }));
  live.add("r", progress({ candidate }));
  expect(live.get("r")).toMatchObject({ points: [], candidates: [candidate] });
});

it("does not draw steps twice that a restarted worker trains once more", () => {
  const live = new LiveRuns();
  live.add("r", progress({ points: [point(1), point(2), point(3)] }));
  live.add("r", progress({ points: [point(2)] }));
  live.add("r", progress({ points: [point(3), point(4)] }));
  expect(steps(live)).toEqual([1, 2, 3, 4]);
});

it("tells its listeners of news only", () => {
  const live = new LiveRuns();
  let calls = 0;
  live.subscribe(() => calls++);
  live.add("r", progress({}));
  live.clear("r");
  expect(calls).toBe(0);
  live.add("r", progress({ points: [point(1)] }));
  live.clear("r");
  expect(calls).toBe(2);
  expect(live.get("r").points).toEqual([]);
});
