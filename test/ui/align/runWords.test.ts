import { describe, expect, it } from "vitest";
import type { Run } from "../../../src/core/domain/run";
import { compareRuns } from "../../../src/core/metrics/compareRuns";
import { sortRows } from "../../../src/ui/components/sorting";
import { formatDifference, formatP, verdict } from "../../../src/ui/features/align/compareWords";
import { filterOptions, filterRuns, NO_FILTER } from "../../../src/ui/features/align/filterRuns";
import { defaultColumns, runColumns } from "../../../src/ui/features/align/runColumns";
import { factsOf, methodWords, recallOf, testedKs } from "../../../src/ui/features/align/runFacts";
import { retrieval, sampleReport } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";

const aRun = (id: string, change: Partial<Run> = {}) =>
  sampleRun(id, "p1", { name: id, ...change });
const facts = (run: Run, isActive = false) => factsOf(run, { encoders: [], isActive });
const withAlign = (align: Partial<Run["recipe"]["align"]>) => {
  const { recipe } = sampleRun();
  return { recipe: { ...recipe, align: { ...recipe.align, ...align } } };
};
const seedResult = (seed: number, recall: number) => ({
  seed,
  best: { step: 10, score: recall },
  validation: null,
  test: retrieval(recall),
  history: [],
  elapsedMs: 5,
});

describe("sortRows", () => {
  const rows = ["run 10", "run 9", "Run 1"];

  it("counts within texts and turns round", () => {
    expect(sortRows(rows, (row) => row, false)).toEqual(["Run 1", "run 9", "run 10"]);
    expect(sortRows(rows, (row) => row, true)).toEqual(["run 10", "run 9", "Run 1"]);
  });

  it("puts what has no value last, whichever way, and keeps the order of equals", () => {
    const values = [null, 2, NaN, 1, 2];
    const order = (down: boolean) => sortRows([0, 1, 2, 3, 4], (i) => values[i] ?? null, down);
    expect(order(false)).toEqual([3, 1, 4, 0, 2]);
    expect(order(true)).toEqual([1, 4, 3, 0, 2]);
  });
});

describe("the words of a run", () => {
  it("say which method the automatic choice kept", () => {
    expect(methodWords(aRun("a", { ...withAlign({ method: "auto" }), method: "csa" }))).toMatch(
      /^Automatic: CSA/,
    );
    expect(methodWords(aRun("a", withAlign({ method: "auto" })))).toBe("Automatic");
  });

  it("say how much of the data was learned from, and by which seeds", () => {
    const part = { coverage: { pairs: 300, of: 1284, concepts: [] } };
    expect(facts(aRun("a", part)).data).toBe("300 of 1,284 pairs");
    expect(facts(aRun("a", withAlign({ trainOn: 100 }))).data).toBe("100 pairs");
    expect(facts(aRun("a", withAlign({ seed: 4, seeds: 3 }))).seeds).toBe("4 to 6 (0 done)");
    expect(facts(aRun("a"), true).status).toBe("training");
  });

  it("give mean and spread over seeds, and the interval of a single one", () => {
    const seeds = aRun("a", { seedResults: [seedResult(0, 0.4), seedResult(1, 0.6)] });
    const metric = recallOf({ ...seeds, test: retrieval(0.6) }, "imageToText", "10");
    expect(metric).toMatchObject({ kind: "seeds", spread: { n: 2 } });
    expect(metric?.value).toBeCloseTo(0.5, 12);
    expect(recallOf(aRun("b", { test: retrieval(0.6) }), "imageToText", "10")).toMatchObject({
      kind: "interval",
      value: 0.6,
    });
    expect(recallOf(aRun("c"), "imageToText", "10")).toBeNull();
  });
});

describe("columns", () => {
  it("offer every k that was tested, in order, and k = 1, 5, 10 before any test", () => {
    expect(testedKs([])).toEqual(["1", "5", "10"]);
    expect(testedKs([aRun("a", { test: retrieval(0.5) })])).toEqual(["1", "5", "10"]);
  });

  it("show encoders and sweep only where they differ or exist", () => {
    const usual = defaultColumns([facts(aRun("a")), facts(aRun("b"))], ["1"]);
    expect(usual).not.toContain("encoders");
    expect(usual).not.toContain("sweep");
    const { recipe } = sampleRun();
    const image = { ...recipe.encoders.image, id: "other" };
    const other = aRun("c", { recipe: { ...recipe, encoders: { ...recipe.encoders, image } } });
    expect(defaultColumns([facts(aRun("a")), facts(other)], ["1"])).toContain("encoders");
  });

  it("has every usual column", () => {
    const ids = runColumns(["1", "5"]).map(({ id }) => id);
    const usual = defaultColumns(
      [facts(aRun("a", { sweep: { id: "s", name: "s", at: {} } }))],
      ["1"],
    );
    expect(ids).toEqual(expect.arrayContaining(usual));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("filterRuns", () => {
  const runs = [
    aRun("first", { notes: "with dropout", status: "done" }),
    aRun("second", { ...withAlign({ method: "csa" }), sweep: { id: "s1", name: "rates", at: {} } }),
  ].map((run) => facts(run));
  const names = (choice: Partial<typeof NO_FILTER>) =>
    filterRuns(runs, { ...NO_FILTER, ...choice }).map(({ run }) => run.name);

  it("finds every word in names, notes and what is shown", () => {
    expect(names({})).toEqual(["first", "second"]);
    expect(names({ sought: "DROPOUT first" })).toEqual(["first"]);
    expect(names({ sought: "rates csa" })).toEqual(["second"]);
    expect(names({ sought: "dropout csa" })).toEqual([]);
  });

  it("narrows to a method, a status or a sweep", () => {
    expect(names({ status: "done" })).toEqual(["first"]);
    expect(names({ sweep: "s1" })).toEqual(["second"]);
    const { methods, statuses, sweeps } = filterOptions(runs);
    expect(methods).toHaveLength(2);
    expect(statuses).toEqual(["done", "not started"]);
    expect(sweeps).toEqual([{ id: "s1", name: "rates" }]);
    expect(names({ method: methods[0] ?? "" })).toHaveLength(1);
  });
});

describe("the verdict of a comparison", () => {
  const ranks = (miss: number) => Array.from({ length: 164 }, (_, i) => (i % miss ? 0 : 30));
  const compared = async (before: readonly number[], after: readonly number[]) => {
    const found = await compareRuns(
      aRun("a", { report: sampleReport(before) }),
      aRun("b", { report: sampleReport(after) }),
    );
    if (found.kind !== "compared") throw new Error(found.kind);
    return verdict(found, { before: "a", after: "b" });
  };

  it("claims no difference that resampling could have made", async () => {
    const nearly = ranks(4).map((rank, i) => (i === 0 ? 0 : rank));
    expect(await compared(ranks(4), nearly)).toMatch(
      /^No difference can be shown \(164 queries, at the 5 % level, corrected for 8 comparisons\)/,
    );
    expect(await compared(ranks(4), ranks(4))).toBe("Both runs score the same on all 164 queries.");
  });

  it("names what is better and what is worse", async () => {
    const better = await compared(ranks(2), ranks(8));
    expect(better).toMatch(/^“b” is better than “a” in image → text recall@1, /);
    expect(better).toContain("(164 queries, at the 5 % level, corrected for 8 comparisons)");
    expect(await compared(ranks(8), ranks(2))).toMatch(/^“b” is worse than “a” in /);
    // Half of the hits at 1 are lost, and every miss now comes third.
    const traded = ranks(3).map((rank, i) => (rank > 0 ? 2 : i % 2 ? 3 : 0));
    expect(await compared(ranks(3), traded)).toMatch(/is better than “a” in .* and worse in /);
  });

  it("writes signs, points and small p", () => {
    expect(formatDifference(0.0312, "10")).toBe("+3.1");
    expect(formatDifference(-0.0312, "mrr")).toBe("−0.031");
    expect(formatDifference(-0.0001, "1")).toBe("0.0");
    expect(formatP(1 / 2001)).toBe("< 0.001");
    expect(formatP(0.0421)).toBe("0.042");
  });
});
