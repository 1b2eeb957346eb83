import { expect, it } from "vitest";
import { sweepTable } from "../../src/cli/sweepTable";
import type { SweepResults, SweepRunResults } from "../../src/core/domain/recipeResults";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { retrieval } from "../support/retrieval";

const recipe = resolveRecipe({
  version: 1,
  name: "grid",
  data: { sample: "emoji" },
  evaluate: { retrieval: [10] },
});

const run = (at: SweepRunResults["at"], value: number, seeds: number[] = []): SweepRunResults => ({
  ...{ at, recipe, method: "linear", chosen: {}, best: null, candidates: [] },
  splits: { train: 100, validation: 10, test: 60 },
  test: { ...retrieval(value), queries: null, geometry: null, csls: null, zeroShot: null },
  ...{ baselines: {}, coverage: null, warnings: [], timings: {}, versions: {} },
  seeds: seeds.map((each, seed) => ({
    ...{ seed, best: null, validation: null, elapsedMs: 1 },
    test: retrieval(each),
  })),
  device: { encode: "wasm", align: "cpu", adapter: null, threads: 1 },
});

const sweepOf = (part: Partial<SweepResults["sweep"]>): SweepResults => ({
  sweep: {
    ...{ name: "grid", axes: [], runs: [], failed: [] },
    data: { digest: "d", items: {}, pairs: 0, groups: 0, skipped: [] },
    ...part,
  },
});

it("has a row per run, the mean over seeds where they vary, and what failed", () => {
  const axes = [
    { key: "align.learningRate", values: [0.001, 0.01] },
    { key: "align.seed", values: [0, 1] },
  ];
  const at = (rate: number, seed: number) => ({ "align.learningRate": rate, "align.seed": seed });
  const table = sweepTable(
    sweepOf({
      axes,
      runs: [run(at(0.001, 0), 0.4), run(at(0.001, 1), 0.6), run(at(0.01, 0), 0.2)],
      failed: [{ at: at(0.01, 1), code: "align/diverged", message: "The loss diverged." }],
    }),
  );
  expect(table).toBe(`grid: 3 of 4 runs
held-out test recall: i→t 60 queries, gallery of 60; t→i 60 queries, gallery of 60

learningRate, seed  i→t @10  t→i @10  i→t MRR  t→i MRR
0.001, 0             40.0 %   20.0 %    0.400    0.200
0.001, 1             60.0 %   30.0 %    0.600    0.300
0.01, 0              20.0 %   10.0 %    0.200    0.100

mean ± standard deviation over seeds
learningRate  seeds        i→t @10       t→i @10  i→t MRR  t→i MRR
0.001             2  50.0 ± 14.1 %  25.0 ± 7.1 %    0.500    0.250
0.01              1         20.0 %        10.0 %    0.200    0.100

failed:
  0.01, 1: The loss diverged.
`);
});

it("tells the mean over the seeds of one run", () => {
  const axes = [{ key: "align.method", values: ["linear"] }];
  const runs = [run({ "align.method": "linear" }, 0.5, [0.4, 0.5, 0.6])];
  expect(sweepTable(sweepOf({ axes, runs }))).toMatch(/linear +50\.0 ± 10\.0 % +25\.0 ± 5\.0 %/);
});

it("says so when every run failed", () => {
  const failed = [{ at: { "align.seed": 0 }, code: "data/too-few", message: "Too few pairs." }];
  expect(sweepTable(sweepOf({ failed }))).toBe(
    "grid: 0 of 1 runs\n\nfailed:\n  0: Too few pairs.\n",
  );
});
