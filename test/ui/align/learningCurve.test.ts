import { describe, expect, it } from "vitest";
import { defaultRecipe, resolveRecipe } from "../../../src/core/domain/recipe";
import type { Run } from "../../../src/core/domain/run";
import { sweepsOf, type StoredSweep } from "../../../src/core/domain/storedSweep";
import {
  curveChart,
  curvesAmong,
  curveSummary,
  curveTitle,
  learningCurveOf,
} from "../../../src/ui/features/align/curveData";
import { curvePlan } from "../../../src/ui/features/align/curvePlan";
import { baseline, retrieval } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";

const UNRELATED = 1_320;
const VIEW = { direction: "imageToText", k: "10" } as const;

interface Point {
  readonly method?: string;
  readonly trainOn: unknown;
  readonly seed?: number;
  /** Test recall@10, image to text; not ended without. */
  readonly recall?: number;
}

function runOf({ method = "csa", trainOn, seed = 0, recall }: Point, i: number): Run {
  const align = { method, trainOn, seed };
  return sampleRun(`r${i}`, "p1", {
    createdAt: i,
    recipe: resolveRecipe({ version: 1, data: { project: "p1" }, align }),
    sweep: { id: "s", name: "Learning curve", at: {} },
    status: recall === undefined ? "queued" : "done",
    test: recall === undefined ? null : retrieval(recall, 80),
    baselines: recall === undefined ? [] : [baseline("chance", 0.1)],
  });
}

const sweepOf = (...points: Point[]): StoredSweep => sweepsOf(points.map(runOf))[0]!;

describe("a learning curve", () => {
  const sweep = sweepOf(
    { trainOn: 100, seed: 0, recall: 0.2 },
    { trainOn: 100, seed: 1, recall: 0.4 },
    { trainOn: "all", seed: 0, recall: 0.6 },
    { trainOn: "all", seed: 1 },
    { method: "ridge", trainOn: 100, seed: 0 },
  );
  const curve = learningCurveOf(sweep, VIEW, UNRELATED);

  it("is the mean over seeds with their range, at the number of unrelated pairs", () => {
    expect(curve.lines[0]?.points).toEqual([
      { size: 100, mean: expect.closeTo(0.3) as number, low: 0.2, high: 0.4, seeds: 2 },
      { size: UNRELATED, mean: 0.6, low: 0.6, high: 0.6, seeds: 1 },
    ]);
    expect(curve).toMatchObject({ ended: 3, asked: 5, sizes: [100, UNRELATED], chance: 0.1 });
  });

  it("keeps the line of a method that has not ended yet, without points", () => {
    expect(curve.lines.map(({ method, points }) => [method, points.length])).toEqual([
      ["csa", 2],
      ["ridge", 0],
    ]);
    expect(curveChart(curve).series[1]?.points).toEqual([]);
  });

  it("shows test scores, in the direction that is asked for", () => {
    const mean = learningCurveOf(sweep, { ...VIEW, direction: "both" }, UNRELATED);
    expect(mean.lines[0]?.points[1]?.mean).toBeCloseTo(0.45); // (0.6 + 0.3) / 2
    expect(curveTitle(mean, { ...VIEW, direction: "both" })).toMatch(/test recall@10.*80 captions/);
  });

  it("counts every seed of a run that has several", () => {
    const [run] = sweep.runs;
    const seedResults = [0.2, 0.8].map((value, seed) => ({
      ...{ seed, best: null, validation: null, history: [], elapsedMs: 1 },
      test: retrieval(value),
    }));
    const several = { ...sweep, runs: [{ ...run!, seedResults }] };
    const [point] = learningCurveOf(several, VIEW, UNRELATED).lines[0]?.points ?? [];
    expect(point).toMatchObject({ mean: 0.5, low: 0.2, high: 0.8, seeds: 2 });
  });

  it("never says more pairs than there are", () => {
    const few = learningCurveOf(sweepOf({ trainOn: 3_000, recall: 0.5 }), VIEW, 50);
    expect(few.lines[0]?.points[0]?.size).toBe(50);
  });

  it("is said in words too, chance included", () => {
    expect(curveSummary(curve, VIEW)).toMatch(
      /^Test recall@10: CSA .* from 30\.0 % with 100 pairs to 60\.0 % with 1,320\. Chance is 10\.0 %\.$/,
    );
    const none = learningCurveOf(sweepOf({ trainOn: 10 }), VIEW, UNRELATED);
    expect(curveSummary(none, VIEW)).toBe("Test recall@10: no run has ended yet.");
  });

  it("is a sweep over numbers of pairs and nothing else", () => {
    const sizes = sweepOf({ trainOn: 100 }, { trainOn: "all" });
    const seeds = sweepOf({ trainOn: "all", seed: 0 }, { trainOn: "all", seed: 1 });
    const concepts = sweepOf({ trainOn: { concepts: "c", perConcept: 2 } }, { trainOn: 100 });
    expect(curvesAmong([sizes, seeds, concepts])).toEqual([sizes]);
  });
});

describe("a learning curve as typed", () => {
  const base = defaultRecipe({ project: "p1" });
  const typed = { base, methods: ["csa", "ridge"], sizes: "100, all", seeds: "3" } as const;

  it("is a run of every method, size and seed", () => {
    const { sweep } = curvePlan(typed);
    expect(sweep?.recipes).toHaveLength(12);
    expect(new Set(sweep?.recipes.map(({ align }) => align.seed))).toEqual(new Set([0, 1, 2]));
    expect(sweep?.recipes[0]?.evaluate.baselines).toEqual(["chance"]);
  });

  it.each([
    [{ methods: [] }, "method", /at least one method/],
    [{ seeds: "0" }, "seed", /whole number from 1/],
    [{ seeds: "many" }, "seed", /whole number from 1/],
    [{ sizes: "100, lots" }, "trainOn", /got “lots”/],
    [{ sizes: "100" }, "trainOn", /at least two/],
    [{ sizes: "" }, "trainOn", /got “”/],
    [{ seeds: "100", sizes: "1e2,2e2,3e2,4e2" }, null, /at most 500/],
  ])("says what is wrong with %j", (change, key, problem) => {
    const plan = curvePlan({ ...typed, ...change });
    expect(plan.sweep).toBeNull();
    expect(plan.key).toBe(key);
    expect(plan.problem).toMatch(problem);
  });
});
