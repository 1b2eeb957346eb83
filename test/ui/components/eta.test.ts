import { expect, it } from "vitest";
import type { Progress, Stage } from "../../../src/core/progress";
import { addSample, etaOf, type ProgressSample } from "../../../src/ui/components/eta";

const at = (atMs: number, done: number, stage: Stage = "encode"): ProgressSample => ({
  atMs,
  progress: { stage, done, total: 1000, unit: "items" } satisfies Progress,
});
const collect = (...samples: ProgressSample[]) =>
  samples.reduce<readonly ProgressSample[]>(addSample, []);

it("says nothing before the third sample", () => {
  expect(etaOf([])).toBeUndefined();
  expect(etaOf(collect(at(0, 0), at(1000, 10)))).toBeUndefined();
});

it("extrapolates the rate between the first and the last sample", () => {
  const eta = etaOf(collect(at(0, 0), at(1000, 30), at(2000, 100)));
  expect(eta).toEqual({ perSecond: 50, remainingMs: 18_000 });
});

it("starts over with a new stage", () => {
  const samples = collect(at(0, 0), at(1, 500), at(2, 1000), at(3, 0, "evaluate"));
  expect(samples).toHaveLength(1);
});

it("gives no rate while nothing moves", () => {
  expect(etaOf(collect(at(0, 5), at(1000, 5), at(2000, 5)))).toBeUndefined();
});

it("follows a slowdown: samples older than half a minute do not count", () => {
  const fast = [0, 1000, 2000].map((ms) => at(ms, ms / 10));
  const slow = [40_000, 50_000, 60_000, 70_000].map((ms) => at(ms, 200 + ms / 1000));
  expect(etaOf(collect(...fast, ...slow))?.perSecond).toBeCloseTo(1, 6);
});

it("still has an estimate when reports come a minute apart", () => {
  expect(etaOf(collect(at(0, 0), at(60_000, 1), at(120_000, 2)))?.remainingMs).toBe(998 * 60_000);
});

it("counts a report shown twice once", () => {
  const sample = at(0, 1);
  expect(addSample([sample], { ...sample, atMs: 9 })).toEqual([sample]);
});
