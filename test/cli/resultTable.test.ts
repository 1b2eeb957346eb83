import { expect, it } from "vitest";
import { resultTable } from "../../src/cli/resultTable";
import type { RecipeResults } from "../../src/core/domain/recipeResults";
import type { RetrievalPair, RetrievalResult } from "../../src/core/domain/evaluation";
import { resolveRecipe } from "../../src/core/domain/recipe";

const retrieval = (value: number, medianRank: number): RetrievalResult => ({
  gallery: 1300,
  queries: 325,
  medianRank,
  meanRank: medianRank,
  meanReciprocalRank: value,
  recall: {
    "1": { value, low: value - 0.01, high: value + 0.01 },
    "5": { value: 2 * value, low: value, high: 3 * value },
  },
});
const both = (value: number, medianRank: number): RetrievalPair => ({
  imageToText: retrieval(value, medianRank),
  textToImage: retrieval(value / 2, medianRank + 1),
});
const results: RecipeResults = {
  recipe: resolveRecipe({
    version: 1,
    name: "emoji",
    data: { sample: "emoji" },
    evaluate: { retrieval: [1, 5, 10], zeroShot: { label: "category" } },
  }),
  data: {
    digest: "d",
    items: { image: 3246, text: 1652 },
    pairs: 3246,
    groups: 1456,
    skipped: [{ where: "metadata.csv:17", reason: "caption is empty" }],
  },
  splits: { train: 2596, validation: 325, test: 325 },
  ...{ method: "freeze-align", chosen: {}, best: null, candidates: [], seeds: [] },
  ...{ coverage: null, warnings: [] },
  test: {
    ...both(0.2, 7),
    ...{ queries: null, geometry: null, csls: null },
    zeroShot: {
      ...{ label: "category", queries: 300, knnCeiling: 0.8, templates: ["a {}"], perClass: [] },
      confusion: null,
      classes: 10,
      top1: { value: 0.5, low: 0.4, high: 0.6 },
      top5: { value: 0.9, low: 0.8, high: 1 },
      macro: 0.45,
      ceiling: 0.7,
    },
  },
  baselines: { chance: both(0.02, 650.5) },
  timings: {
    importMs: 1234,
    encodeMs: 92_000,
    alignMs: 30_000,
    stepMs: 29.96,
    steps: 1000,
    queryMs: 12,
  },
  device: { encode: "wasm", align: "cpu", adapter: null, threads: 1 },
  versions: {},
};

it("shows every number of the results with its interval, in columns", () => {
  expect(resultTable(results)).toBe(`emoji
3,246 pairs: 2,596 train, 325 validation, 325 test; 1 skipped

image → text, held-out test: 325 queries, gallery of 1,300
                        recall@1            recall@5  recall@10  median rank    MRR
freeze-align  20.0 % (19.0–21.0)  40.0 % (20.0–60.0)          –            7  0.200
chance           2.0 % (1.0–3.0)     4.0 % (2.0–6.0)          –        650.5  0.020

text → image, held-out test: 325 queries, gallery of 1,300
                       recall@1            recall@5  recall@10  median rank    MRR
freeze-align  10.0 % (9.0–11.0)  20.0 % (10.0–30.0)          –            8  0.100
chance          1.0 % (0.0–2.0)     2.0 % (1.0–3.0)          –        651.5  0.010

zero-shot by category (10 classes): top-1 50.0 % (40.0–60.0), top-5 90.0 % (80.0–100.0), mean per class 45.0 %, nearest class mean 70.0 %

time: import 1.2 s, encode 92.0 s, align 30.0 s (1,000 steps of 30 ms), query 12 ms
device: encode wasm (1 thread), align cpu
`);
});

it("shows seeds, hub correction, what auto compared, the subset and warnings where there are any", () => {
  const seed = (value: number) => ({
    ...{ seed: 0, best: null, validation: null, elapsedMs: 1 },
    test: both(value, 7),
  });
  const candidate = { validation: both(0.3, 5), chosen: {}, elapsedMs: 1 };
  const table = resultTable({
    ...results,
    recipe: { ...results.recipe, align: { ...results.recipe.align, method: "auto" } },
    method: "csa",
    seeds: [seed(0.2), seed(0.3), seed(0.4)],
    test: { ...results.test, csls: both(0.25, 6) },
    coverage: { pairs: 300, of: 2596, concepts: [] },
    candidates: [
      { ...candidate, method: "csa", score: 0.3 },
      { ...candidate, method: "linear", score: 0, error: { code: "align/diverged", detail: "" } },
    ],
    warnings: [{ code: "few-queries", message: "Few queries.", detail: "40" }],
  });
  expect(table).toContain("trained on 300 of 2,596 training pairs");
  expect(table).toMatch(/\nauto \(csa\) +20\.0 %/);
  expect(table).toMatch(/\nmean of 3 seeds +30\.0 ± 10\.0 % +60\.0 ± 20\.0 % +– +7 +0\.300\n/);
  expect(table).toMatch(/\nwith CSLS +25\.0 %/);
  expect(table).toContain(
    "auto compared on validation pairs (mean recall in %): csa 30.0, linear failed",
  );
  expect(table).toContain("note: Few queries. 40\n");
});

it("leaves out zero-shot where the recipe asked for none, and names the adapter", () => {
  const table = resultTable({
    ...results,
    test: { ...results.test, zeroShot: null },
    device: { encode: "webgpu", align: "webgpu", adapter: "nvidia ada", threads: 4 },
  });
  expect(table).not.toContain("zero-shot");
  expect(table).toContain("encode webgpu (4 threads), align webgpu, adapter nvidia ada");
});
