import { expect, it } from "vitest";
import { runResults } from "../../../src/core/domain/recipeResults";
import { point, retrieval } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";

const geometry = {
  ...{ pairs: 60, modalityGap: 0.1, alignment: 1, positiveCosine: 0.5, negativeCosine: 0 },
  ...{ separation: 2, uniformity: { image: -2, text: -3 }, effectiveRank: { image: 9, text: 8 } },
  hubness: { imageToText: 1, textToImage: null },
};
const estimate = { value: 0.5, low: 0.4, high: 0.6 };

it("is nothing before a run was tested", () => {
  expect(runResults(sampleRun())).toBeUndefined();
});

it("leaves the run as plain JSON: no typed arrays, no raw ranks, no curves of seeds", () => {
  const ranks = { imageToText: Uint32Array.of(0, 3), textToImage: Uint32Array.of(1, 0) };
  const perClass = ["cat", "dog"].map((name) => ({ name, images: 1, recall: 1, precision: null }));
  const results = runResults(
    sampleRun("r1", "p", {
      ...{ status: "done", test: retrieval(0.6), method: "csa", chosen: { rank: 64 } },
      report: { ranks, clusters: ranks, queries: "q", geometry, csls: retrieval(0.7) },
      zeroShot: {
        ...{ label: "kind", classes: 2, queries: 2, top1: estimate, top5: estimate, macro: 0.5 },
        ...{ ceiling: 0.9, knnCeiling: null, templates: ["a {}"], perClass },
        confusion: Uint32Array.of(1, 2, 3, 4),
      },
      seedResults: [
        {
          ...{ seed: 0, best: null, validation: null, test: retrieval(0.6), elapsedMs: 1 },
          history: [point(1)],
        },
      ],
      warnings: [{ code: "few-queries", detail: "40 queries" }],
      coverage: { pairs: 10, of: 20, concepts: [] },
    }),
  );
  const json = JSON.parse(JSON.stringify(results)) as typeof results;
  expect(json).toEqual(results);
  expect(json).toMatchObject({
    ...{ method: "csa", chosen: { rank: 64 }, coverage: { pairs: 10, of: 20 } },
    test: { queries: "q", geometry, zeroShot: { knnCeiling: null } },
    seeds: [{ seed: 0 }],
    warnings: [{ code: "few-queries", detail: "40 queries" }],
  });
  expect(json?.test.zeroShot?.confusion).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(json?.warnings[0]?.message).toMatch(/^Fewer than 50/);
  expect(JSON.stringify(json)).not.toContain("ranks");
  expect(json?.seeds[0]).not.toHaveProperty("history");
});

it("says null where nothing was asked for", () => {
  const results = runResults(sampleRun("r1", "p", { test: retrieval(0.6) }));
  expect(results?.test).toMatchObject({
    queries: null,
    geometry: null,
    csls: null,
    zeroShot: null,
  });
  expect(results).toMatchObject({ method: "freeze-align", coverage: null, seeds: [] });
});
