import Papa from "papaparse";
import { expect, it } from "vitest";
import type { Run } from "../../../src/core/domain/run";
import { runsCsv } from "../../../src/core/formats/runsCsv";
import { baseline, point, retrieval } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";

const parsed = (runs: readonly Run[]) =>
  Papa.parse<Record<string, string>>(runsCsv(runs).trim(), { header: true }).data;

const seed = (n: number, value: number) => ({
  ...{ seed: n, best: null, validation: null, history: [], elapsedMs: 1 },
  test: retrieval(value),
});

it("gives a run one row with its numbers, intervals, gallery, chance and identity", () => {
  const run = sampleRun("r1", "p", {
    ...{ status: "done", method: "linear", dataDigest: "d1", notes: 'fine, "they" say\nso' },
    splits: { train: 100, validation: 10, test: 60 },
    test: retrieval(0.6),
    baselines: [baseline("chance", 0.1), baseline("ridge", 0.4)],
    history: [point(1), point(20)],
    seedResults: [seed(0, 0.6), seed(1, 0.5), seed(2, 0.4)],
    best: { step: 10, score: 0.5 },
    chosen: { rank: 64 },
    warnings: [{ code: "few-queries", detail: "" }],
  });
  const [row] = parsed([run]);
  expect(row).toMatchObject({
    ...{ name: "first", status: "done", method: "linear", data_digest: "d1", seed: "0" },
    ...{ train_pairs: "100", trained_on_pairs: "100", steps: "20", best_step: "10" },
    ...{ imageToText_gallery: "60", imageToText_queries: "60", imageToText_mean_rank: "4" },
    ...{ imageToText_recall_at_10: "0.6", imageToText_recall_at_10_low: "0.5499999999999999" },
    ...{ imageToText_recall_at_10_high: "0.65", textToImage_recall_at_10: "0.3" },
    ...{ imageToText_chance_recall_at_10: "0.1", imageToText_ridge_recall_at_10: "0.4" },
    ...{ imageToText_recall_at_10_over_seeds_mean: "0.5", chosen: "rank=64" },
    ...{ imageToText_recall_at_10_over_seeds_n: "3", warnings: "few-queries" },
    notes: 'fine, "they" say\nso',
  });
  const deviation = Number(row?.["imageToText_recall_at_10_over_seeds_deviation"]);
  expect(deviation).toBeCloseTo(0.1, 12);
});

it("leaves empty what a run does not have, and gives every row the same columns", () => {
  const failed = sampleRun("r2", "p", {
    status: "failed",
    error: { code: "align/diverged", detail: "step 7" },
    name: "=cmd()",
  });
  const done = sampleRun("r1", "p", { test: retrieval(0.6) });
  const rows = parsed([failed, done]);
  expect(rows.map((row) => Object.keys(row).length)).toEqual([
    Object.keys(rows[0] ?? {}).length,
    Object.keys(rows[0] ?? {}).length,
  ]);
  expect(rows[0]).toMatchObject({
    ...{ imageToText_recall_at_1: "", zero_shot_top1: "", modality_gap: "", steps: "" },
    ...{ error: "align/diverged step 7", name: "'=cmd()" },
  });
  expect(rows[1]?.["imageToText_recall_at_10_over_seeds_mean"]).toBe("");
});

it("writes numbers of older runs that were not measured as empty, never as NaN", () => {
  const { imageToText, textToImage } = retrieval(0.6);
  const unknown = { meanRank: Number.NaN, meanReciprocalRank: Number.NaN };
  const test = {
    imageToText: { ...imageToText, ...unknown },
    textToImage: { ...textToImage, ...unknown },
  };
  const csv = runsCsv([sampleRun("r1", "p", { test })]);
  expect(csv).not.toContain("NaN");
  expect(csv.split("\r\n")).toHaveLength(3);
});

it("is a line of names where there are no runs", () => {
  expect(runsCsv([]).split("\r\n")).toHaveLength(2);
  expect(runsCsv([])).toMatch(/^name,created_ms,status/);
});
