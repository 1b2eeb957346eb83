import { describe, expect, it } from "vitest";
import type { EvaluationReport } from "../../../src/core/domain/evaluation";
import { compareRuns, holm } from "../../../src/core/metrics/compareRuns";
import { sampleReport } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";

const tested = (name: string, ranks: readonly number[], change: Partial<EvaluationReport> = {}) =>
  sampleRun(name, "p1", { name, report: sampleReport(ranks, change) });

const GOOD = Array.from({ length: 120 }, (_, i) => (i % 5 ? 0 : 20));
const POOR = Array.from({ length: 120 }, (_, i) => (i % 5 ? 7 : 20));

describe("compareRuns", () => {
  it("is after minus before, each number once per direction", async () => {
    const comparison = await compareRuns(tested("a", POOR), tested("b", GOOD));
    if (comparison.kind !== "compared") throw new Error(comparison.kind);
    expect(comparison.queries).toEqual({ imageToText: 120, textToImage: 120 });
    const { differences } = comparison;
    expect(differences.map(({ direction, score }) => `${direction} ${score}`)).toEqual(
      ["imageToText", "textToImage"].flatMap((d) =>
        ["1", "5", "10", "mrr"].map((s) => `${d} ${s}`),
      ),
    );
    const [first, , tenth] = differences;
    expect(first?.difference).toBeCloseTo(0.8, 10);
    expect(first?.low).toBeGreaterThan(0.6);
    expect(first?.adjustedP).toBeLessThan(0.01);
    expect(tenth).toMatchObject({ difference: 0, p: 1, adjustedP: 1 });
  });

  it("turns its sign when the runs change places", async () => {
    const there = await compareRuns(tested("a", POOR), tested("b", GOOD));
    const back = await compareRuns(tested("b", GOOD), tested("a", POOR));
    if (there.kind !== "compared" || back.kind !== "compared") throw new Error("not compared");
    expect(back.differences[0]?.difference).toBeCloseTo(-there.differences[0]!.difference, 12);
  });

  it("finds no difference of a run with itself", async () => {
    const comparison = await compareRuns(tested("a", GOOD), tested("a", GOOD));
    if (comparison.kind !== "compared") throw new Error(comparison.kind);
    for (const each of comparison.differences) {
      expect(each).toMatchObject({ difference: 0, low: 0, high: 0, p: 1, adjustedP: 1 });
    }
  });

  it("refuses other queries and names runs without ranks", async () => {
    const other = tested("b", GOOD, { queries: "other" });
    expect(await compareRuns(tested("a", GOOD), other)).toEqual({ kind: "other-queries" });
    const old = sampleRun("old", "p1", { name: "old" });
    expect(await compareRuns(old, other)).toEqual({ kind: "no-ranks", runs: ["old"] });
  });
});

describe("holm", () => {
  it("multiplies by what is left, and never falls", () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});
