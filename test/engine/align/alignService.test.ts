import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import type { Split } from "../../../src/core/domain/dataset";
import type { Run } from "../../../src/core/domain/run";
import { emptyRetrieval } from "../../../src/core/metrics/evaluateRetrieval";
import { fineScore, isClearlyBetter } from "../../../src/engine/align/autoMethod";
import type { AlignProgress } from "../../../src/core/domain/alignRequest";
import { openPlaygroundDb, type PlaygroundDb } from "../../../src/storage/db";
import { latentData } from "../../support/alignmentFixture";
import { openAlignProject, type AlignProject } from "../../support/alignProject";

let db: PlaygroundDb;
beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
});
afterEach(() => db.close());

/** 40 training pairs, 20 for validation, 20 for the test, of one latent. */
function threeSplits(train = 40): AlignmentData {
  const data = latentData({ train, validation: 40 });
  const split = data.pairs.split.map((name, p): Split =>
    name === "validation" && p % 2 === 0 ? "test" : name,
  );
  return { ...data, pairs: { ...data.pairs, split } };
}

const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

/** What a run says, without what depends on the clock. */
const numbers = ({ seedResults, candidates, test, best, history, method, report }: Run) => ({
  test,
  best,
  method,
  report,
  history: history.map(({ step, loss }) => [step, loss]),
  candidates: candidates.map(({ elapsedMs: _, ...rest }) => rest),
  seeds: seedResults.map((seed) => ({
    ...seed,
    elapsedMs: 0,
    history: seed.history.map(({ step, loss }) => [step, loss]),
  })),
});

/** Trains, aborting at every report for which `when` says so, and going on until it ends. */
async function withCrashes(project: AlignProject, when: (report: AlignProgress) => boolean) {
  const seen = new Set<string>();
  for (let sitting = 0; sitting < 30; sitting++) {
    const abort = new AbortController();
    const onReport = (report: AlignProgress) => {
      const name = JSON.stringify([report.stage, report.done, report.seedResult?.seed ?? -1]);
      if (!when(report) || seen.has(name + String(report.candidate?.method))) return;
      seen.add(name + String(report.candidate?.method));
      abort.abort();
    };
    try {
      return { run: await project.train({ signal: abort.signal, onReport }), sittings: sitting };
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "cancelled" });
      expect((await project.runs.get("r1")).status).toBe("paused");
    }
  }
  throw new Error("the run does not end");
}

/** How often a step was reported over all sittings. */
const reported = ({ reports }: AlignProject, step: number) =>
  reports.filter(({ points = [] }) => points.some((point) => point.step === step)).length;

describe("a run of several seeds", () => {
  const several = { align: { seeds: 3, seed: 5 } };

  it("trains each, reports each, and keeps the best on validation", async () => {
    const project = await openAlignProject(db, { data: threeSplits(), ...several });
    const run = await project.train();
    expect(run.status).toBe("done");
    expect(run.seedResults.map(({ seed }) => seed)).toEqual([5, 6, 7]);
    const scores = run.seedResults.map(({ best }) => best!.score);
    const winner = run.seedResults[scores.indexOf(Math.max(...scores))]!;
    expect(run.best).toEqual(winner.best);
    expect(run.history).toEqual(winner.history);
    expect(run.test).toEqual(winner.test);
    expect(run.report!.ranks.imageToText).toHaveLength(20);
    expect(winner.validation).toEqual(
      winner.history.find(({ step }) => step === winner.best!.step)!.validation,
    );
    expect((await project.runs.projectors("r1"))!.step).toBe(winner.best!.step);
    expect(project.reports.flatMap((r) => r.seedResult?.seed ?? [])).toEqual([5, 6, 7]);
    expect(await db.getAllKeys("checkpoints")).toEqual([]);
  });

  it("interrupted in the middle of any seed gives the bits of uninterrupted", async () => {
    const whole = await openAlignProject(db, { data: threeSplits(), ...several });
    const expected = numbers(await whole.train());
    const projectors = await whole.runs.projectors("r1");

    const other = await openPlaygroundDb(crypto.randomUUID());
    const project = await openAlignProject(other, { data: threeSplits(), ...several });
    const trained: number[] = [];
    const { run, sittings } = await withCrashes(project, ({ seedResult, done, points, stage }) => {
      if (seedResult) trained.push(seedResult.seed);
      return (stage === "train" && points !== undefined && done === 10) || seedResult?.seed === 6;
    });
    expect(sittings).toBeGreaterThanOrEqual(2);
    expect(trained).toEqual([5, 6, 7]); // none twice
    expect(reported(project, 10)).toBe(3); // nor any step of one
    expect(numbers(run)).toEqual(expected);
    expect(await project.runs.projectors("r1")).toEqual(projectors);
    other.close();
  });

  it("ends the seed in hand when told to finish, and leaves those after it out", async () => {
    const project = await openAlignProject(db, { data: threeSplits(), ...several });
    const run = await project.train({
      onReport: ({ seedResult }, service) => {
        if (seedResult?.seed === 5) service.finish("r1");
      },
    });
    expect(run.status).toBe("stopped");
    expect(run.seedResults.map(({ seed }) => seed)).toEqual([5, 6]);
  });

  it("is one training of that seed when one is asked for", async () => {
    const several = await openAlignProject(db, { data: threeSplits(), align: { seeds: 2 } });
    const { seedResults } = await several.train();
    const other = await openPlaygroundDb(crypto.randomUUID());
    const single = await openAlignProject(other, { data: threeSplits(), align: { seed: 1 } });
    const run = await single.train();
    expect(run.seedResults).toEqual([]);
    expect(run.best).toEqual(seedResults[1]!.best);
    expect(run.history.map(({ loss }) => loss)).toEqual(
      seedResults[1]!.history.map(({ loss }) => loss),
    );
    other.close();
  });
});

describe("auto", () => {
  const auto = { align: { method: "auto" } };

  it("tries methods, says so, and keeps the best on validation", async () => {
    const project = await openAlignProject(db, { data: threeSplits(), ...auto });
    const run = await project.train();
    const tried = project.reports.flatMap(({ candidate }) => candidate?.method ?? []);
    expect(tried).toEqual(expect.arrayContaining(["procrustes", "ridge", "csa", "freeze-align"]));
    expect(run.candidates.map(({ method }) => method).sort()).toEqual([...tried].sort());
    const scores = run.candidates.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a)); // best first
    expect(run.method).not.toBeNull();
    expect(tried).toContain(run.method);
    expect([run.status, run.test === null, run.report === null]).toEqual(["done", false, false]);
    expect(await db.getAllKeys("checkpoints")).toEqual([]);
  });

  it("interrupted anywhere gives what uninterrupted gives, and tries nothing twice", async () => {
    const whole = await openAlignProject(db, { data: threeSplits(), ...auto });
    const expected = numbers(await whole.train());
    const other = await openPlaygroundDb(crypto.randomUUID());
    const project = await openAlignProject(other, { data: threeSplits(), ...auto });
    const { run, sittings } = await withCrashes(
      project,
      ({ candidate, points, done }) =>
        candidate?.method === "ridge" || (points !== undefined && done === 10),
    );
    expect(sittings).toBeGreaterThanOrEqual(2);
    expect(numbers(run)).toEqual(expected);
    const tried = project.reports.flatMap(({ candidate }) => candidate?.method ?? []);
    expect(new Set(tried).size).toBe(tried.length);
    expect(reported(project, 10)).toBe(2); // linear, freeze-align
    expect(await project.runs.projectors("r1")).toEqual(await whole.runs.projectors("r1"));
    other.close();
  });

  it("lets go of the simpler method only for a lead that is more than noise", () => {
    const validation = emptyRetrieval([1]);
    const side = { ...validation.imageToText, queries: 200 };
    const asked = { imageToText: side, textToImage: side }; // 400 queries: a margin of 0.0125
    const lead = (score: number) => isClearlyBetter({ score, validation: asked }, { score: 0.5 });
    expect([lead(0.5), lead(0.512), lead(0.513)]).toEqual([false, false, true]);
    expect(isClearlyBetter({ score: 0, validation }, undefined)).toBe(true);
    expect(isClearlyBetter({ score: 1, validation }, { score: 1 })).toBe(false);
  });

  it("scores a method by the mean of recall@1 to recall@10", () => {
    const ranks = { imageToText: Uint32Array.of(0, 9), textToImage: Uint32Array.of(10, 4) };
    // Hits: 10 and 1 of ten depths, then 0 and 6.
    expect(fineScore(ranks)).toBeCloseTo((1 + 0.1 + 0 + 0.6) / 4, 12);
  });

  it("takes what is usual for this many pairs where nothing can be compared", async () => {
    const data = latentData({ train: 40 });
    const project = await openAlignProject(db, { data, ...auto });
    const run = await project.train();
    expect(run.candidates).toHaveLength(1);
    expect(run.method).toBe(run.candidates[0]!.method);
    expect(run.warnings.map((warning) => warning.code)).toContain("not-restored");
  });
});

describe("a batch larger than the data", () => {
  it("is lowered, and that is still said after a pause", async () => {
    const align = { batchSize: 512, seeds: 2 };
    const project = await openAlignProject(db, { data: threeSplits(), align });
    const { run } = await withCrashes(project, ({ seedResult }) => seedResult?.seed === 1);
    const lowered = run.warnings.filter((warning) => warning.code === "batch-lowered");
    expect(lowered).toHaveLength(1);
    expect(lowered[0]!.detail).toMatch(/512.*40/);
    expect(run.training!.batchSize).toBe(40);
    expect(run.warnings.map((warning) => warning.code)).toContain("few-queries");
  });
});

describe("closed forms and subsets", () => {
  it("says what validation chose, and fits once however many seeds are asked for", async () => {
    const project = await openAlignProject(db, {
      data: threeSplits(),
      align: { method: "csa", seeds: 3 },
    });
    const run = await project.train();
    expect(Object.keys(run.chosen)).toEqual(expect.arrayContaining(["rank", "epsilon"]));
    expect([run.method, run.seedResults.length, run.status]).toEqual(["csa", 0, "done"]);
  });

  it("trains on as many unrelated pairs as asked for; baselines too, tests whole", async () => {
    const project = await openAlignProject(db, {
      data: threeSplits(60),
      align: { method: "ridge", trainOn: 25 },
      evaluate: { baselines: ["shuffled", "ridge"] },
    });
    const run = await project.train();
    expect(run.coverage).toEqual({ pairs: 25, of: 60, concepts: [] });
    expect(run.splits).toEqual({ train: 25, validation: 20, test: 20 });
    expect(run.training!.batchSize).toBe(25);
    expect(run.test).toEqual(run.baselines.find(({ id }) => id === "ridge")!.test);
  });

  it("balances the concepts of a label column", async () => {
    const project = await openAlignProject(db, {
      data: threeSplits(60),
      align: { method: "ridge", trainOn: { concepts: "kind", perConcept: 6 } },
      labelOf: (image) => (image % 10 === 0 ? "rare" : image % 2 === 0 ? "even" : "odd"),
    });
    const { coverage } = await project.train();
    expect([coverage!.pairs, coverage!.of]).toEqual([18, 60]);
    const before = Object.fromEntries(coverage!.concepts.map((c) => [c.name, c.before]));
    expect(before).toEqual({ rare: 6, even: 24, odd: 30 });
    expect(coverage!.concepts.reduce((sum, { after }) => sum + after, 0)).toBe(18);
  });
});

describe("data nothing can learn from", () => {
  const failing = async (
    change: (data: AlignmentData) => AlignmentData,
    options: object = {},
  ): Promise<unknown> => {
    const project = await openAlignProject(db, { data: change(threeSplits()), ...options });
    return project.train().then(
      () => null,
      (thrown: unknown) => thrown,
    );
  };

  it("is refused below ten pairs, also when the recipe leaves that few", async () => {
    expect(await failing(() => threeSplits(9))).toMatchObject({ code: "data/too-few" });
    db.close();
    db = await openPlaygroundDb(crypto.randomUUID());
    expect(await failing((data) => data, { align: { trainOn: 8 } })).toMatchObject({
      code: "data/too-few",
      detail: "8 training pairs; at least 10 are needed",
    });
  });

  it("is refused when all captions are one", async () => {
    const thrown = await failing(({ pairs, ...data }) => ({
      ...data,
      pairs: { ...pairs, text: pairs.text.map((row, p) => (pairs.split[p] === "train" ? 0 : row)) },
    }));
    expect(thrown).toMatchObject({
      code: "data/equal-captions",
      detail: "“caption 0”, 40 training pairs",
    });
  });

  it("is refused when all pairs hang together", async () => {
    const thrown = await failing(({ pairs, ...data }) => ({
      ...data,
      // A chain: each picture has the caption of the next one too.
      pairs: {
        ...pairs,
        length: 39,
        image: Uint32Array.from({ length: 39 }, (_, p) => (p + 1) >> 1),
        text: Uint32Array.from({ length: 39 }, (_, p) => p >> 1),
        split: Array.from({ length: 39 }, (): Split => "train"),
        component: new Uint32Array(39),
      },
    }));
    expect(thrown).toMatchObject({ code: "data/one-group" });
  });

  it("is refused when every embedding of a side is the same", async () => {
    const thrown = await failing((data) => {
      data.image.data.fill(0.5);
      return data;
    });
    expect(thrown).toMatchObject({ code: "embeddings/constant" });
  });

  it("is refused by the name of a label column that is missing", async () => {
    const align = { trainOn: { concepts: "colour", perConcept: 2 } };
    const thrown = await failing((data) => data, { align, labelOf: () => "a" });
    expect(thrown).toMatchObject({ code: "recipe/invalid" });
    expect((thrown as Error).message).toContain("“colour”; the label columns are kind");
  });

  it("keeps the seeds that ended when the next diverges, and says which rate to try", async () => {
    const data = threeSplits();
    const project = await openAlignProject(db, { data, align: { seeds: 2, learningRate: 0.1 } });
    const spoil = ({ seedResult }: AlignProgress) => {
      if (seedResult) throw new Error("seed 0 is stored");
    };
    await expect(project.train({ onReport: spoil })).rejects.toThrowError(code("internal"));
    const before = await project.runs.get("r1");
    // As a loss that is no number leaves it: the training ends, the kept seed stays.
    await project.runs.put({
      ...before,
      recipe: { ...before.recipe, align: { ...before.recipe.align, learningRate: 1e30 } },
    });
    await expect(project.train()).rejects.toThrowError(code("align/diverged"));
    const run = await project.runs.get("r1");
    expect([run.status, run.error?.code]).toEqual(["failed", "align/diverged"]);
    expect(run.error?.detail).toMatch(/try [\d.e+]+/);
    expect(run.test).toEqual(before.seedResults[0]!.test);
    expect(run.best).toEqual(before.seedResults[0]!.best);
    expect((await project.runs.projectors("r1"))!.step).toBe(run.best!.step);
  });

  it("does not go on with weights of other embeddings", async () => {
    const project = await openAlignProject(db, { data: threeSplits() });
    const abort = new AbortController();
    const onReport = ({ points }: AlignProgress) => points && abort.abort();
    await expect(project.train({ signal: abort.signal, onReport })).rejects.toThrowError(
      code("cancelled"),
    );
    const paused = await project.runs.get("r1");
    await project.runs.put({ ...paused, embeddingKeys: { image: "another", text: "key" } });
    await expect(project.train()).rejects.toThrowError(code("embeddings/changed"));
  });
});
