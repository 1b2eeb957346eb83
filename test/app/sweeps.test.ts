import { afterEach, expect, it } from "vitest";
import { Aligning } from "../../src/app/aligning";
import { Sweeps } from "../../src/app/sweeps";
import type { Project } from "../../src/core/domain/project";
import type { Run } from "../../src/core/domain/run";
import { sweepsOf } from "../../src/core/domain/storedSweep";
import { expandSweep } from "../../src/core/domain/sweep";
import { AppError } from "../../src/core/errors";
import type { Progress } from "../../src/core/progress";
import type { AlignContract } from "../../src/rpc/alignContract";
import type { Handlers } from "../../src/rpc/server";
import { projectWithPairs } from "../support/projects";
import { retrieval } from "../support/retrieval";
import { testServices, type TestServices } from "../support/services";

type Align = Handlers<AlignContract>["align"];

let services: TestServices;
let project: Project;
afterEach(() => services.close());

/** Services whose aligner answers with `align`, and a project with a queue of four runs. */
async function queueOfFour(align: Align): Promise<string> {
  services = await testServices({ align: { align } });
  project = await projectWithPairs(services, 20);
  return services.sweeps.create(project, grid([0, 1], [0.001, 0.01]));
}

const grid = (seed: readonly number[], learningRate: readonly number[]) =>
  expandSweep({
    version: 1,
    name: "grid",
    data: { project: project.id },
    align: { seed, learningRate },
  });

const runs = () => services.stores.runs.list(project.id);
const inOrder = async () => (await runs()).toReversed();
const seedAndRate = ({ recipe: { align } }: Run) => [align.seed, align.learningRate];

async function finishRun(runId: string, change: Partial<Run> = {}): Promise<Run> {
  const run = await services.stores.runs.get(runId);
  const done: Run = { ...run, status: "done", test: retrieval(0.5), ...change };
  await services.stores.runs.put(done);
  return done;
}

/** As the worker does when its call is cancelled: the run is left paused. */
function untilAborted(signal: AbortSignal, runId: string): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      void finishRun(runId, { status: "paused", test: null }).then(() =>
        reject(new AppError("cancelled")),
      );
    });
  });
}

it("stores every run as queued, in order, each with its place", async () => {
  const id = await queueOfFour(() => Promise.reject(new AppError("internal", "not asked")));
  const stored = await inOrder();
  expect(stored.map(seedAndRate)).toEqual([
    [0, 0.001],
    [0, 0.01],
    [1, 0.001],
    [1, 0.01],
  ]);
  expect(new Set(stored.map(({ status }) => status))).toEqual(new Set(["queued"]));
  expect(stored[2]).toMatchObject({
    name: "grid: seed 1, learningRate 0.001",
    sweep: { id, name: "grid", at: { "align.seed": 1, "align.learningRate": 0.001 } },
  });
  expect(sweepsOf(stored)).toMatchObject([
    {
      ...{ id, name: "grid", ended: 0, failed: 0 },
      axes: [
        { key: "align.seed", values: [0, 1] },
        { key: "align.learningRate", values: [0.001, 0.01] },
      ],
    },
  ]);
});

it("trains one run at a time, in order, and counts them", async () => {
  const asked: string[] = [];
  let active = 0;
  const id = await queueOfFour(async ({ runId }) => {
    expect(++active).toBe(1);
    asked.push(runId);
    const run = await finishRun(runId);
    active--;
    return run;
  });
  const reports: Progress[] = [];
  services.jobs.subscribe(() => {
    const job = services.jobs.get(Sweeps.job(id));
    if (job.status === "running" && job.progress) reports.push(job.progress);
  });
  const done = await services.sweeps.start(project.id, id);
  expect(asked).toEqual((await inOrder()).map((run) => run.id));
  expect(done?.map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
  const counts = reports.map((report) => report.done);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(new Set(reports.map(({ total, unit, stage }) => [total, unit, stage].join()))).toEqual(
    new Set(["4,runs,sweep"]),
  );
  expect(reports.at(-1)).toMatchObject({ done: 4, total: 4 });
  expect(reports.some(({ remainingMs = -1 }) => remainingMs >= 0)).toBe(true);
  expect(await services.sweeps.start(project.id, id)).toHaveLength(4); // nothing is repeated
  expect(asked).toHaveLength(4);
});

it("records a run that fails and goes on with the next", async () => {
  const id = await queueOfFour(async ({ runId }) => {
    const { recipe } = await services.stores.runs.get(runId);
    if (recipe.align.learningRate === 0.01) throw new AppError("align/diverged", "step 7");
    return finishRun(runId);
  });
  await services.sweeps.start(project.id, id);
  expect((await inOrder()).map(({ status, error }) => error?.detail ?? status)).toEqual([
    "done",
    "step 7",
    "done",
    "step 7",
  ]);
  expect(sweepsOf(await runs())[0]).toMatchObject({ ended: 4, failed: 2 });
});

it("pauses the run in hand, keeps the queue and goes on from there, after a reload too", async () => {
  const asked: string[] = [];
  let isFirstTime = true;
  const id = await queueOfFour(async ({ runId }, { signal }) => {
    asked.push(runId);
    if (asked.length === 2 && isFirstTime) {
      isFirstTime = false;
      queueMicrotask(() => services.sweeps.pause(id));
      return untilAborted(signal, runId);
    }
    return finishRun(runId);
  });
  expect(await services.sweeps.start(project.id, id)).toBeUndefined();
  expect(services.jobs.get(Sweeps.job(id)).status).toBe("cancelled");
  expect((await inOrder()).map(({ status }) => status)).toEqual([
    ...["done", "paused", "queued", "queued"],
  ]);
  // Another tab, or this one after a reload, knows the queue from the stored runs alone.
  const again = new Sweeps({ ...services, ...services.stores });
  await again.start(project.id, id);
  const [a, b, c, d] = (await inOrder()).map((run) => run.id);
  expect(asked).toEqual([a, b, b, c, d]);
  expect(new Set((await runs()).map(({ status }) => status))).toEqual(new Set(["done"]));
});

it("stops with the run when the visitor pauses that", async () => {
  const id = await queueOfFour(({ runId }, { signal }) => {
    queueMicrotask(() => services.aligning.pause(runId));
    return untilAborted(signal, runId);
  });
  expect(await services.sweeps.start(project.id, id)).toBeUndefined();
  expect((await inOrder()).map(({ status }) => status)).toEqual([
    ...["paused", "queued", "queued", "queued"],
  ]);
});

it("takes up runs that were interrupted, and leaves those alone that ended", async () => {
  const asked: unknown[] = [];
  const id = await queueOfFour(async ({ runId }) => {
    asked.push((await services.stores.runs.get(runId)).status);
    return finishRun(runId);
  });
  const [a, b, c] = await inOrder();
  if (!a || !b || !c) throw new Error("four runs");
  await services.stores.runs.put({ ...a, status: "stopped" });
  await services.stores.runs.put({ ...b, status: "running" }); // as a closed tab leaves it
  await services.stores.runs.put({ ...c, status: "failed" });
  await services.sweeps.start(project.id, id);
  expect(asked).toEqual(["running", "queued"]);
});

it("skips what was removed from the queue meanwhile", async () => {
  const id = await queueOfFour(async ({ runId }) => {
    await services.sweeps.removeQueued(project.id, id);
    return finishRun(runId);
  });
  const reports: Progress[] = [];
  services.jobs.subscribe(() => {
    const job = services.jobs.get(Sweeps.job(id));
    if (job.status === "running" && job.progress) reports.push(job.progress);
  });
  // The first is “queued” until the worker writes otherwise; here it stays, since it is asked for.
  const [first] = await inOrder();
  if (first) await services.stores.runs.put({ ...first, status: "running" });
  expect(await services.sweeps.start(project.id, id)).toHaveLength(1);
  expect(reports.at(-1)).toMatchObject({ done: 4, total: 4 });
});

it("never tries a run twice in one sitting, whatever the worker answers", async () => {
  let calls = 0;
  const id = await queueOfFour(({ runId }) => {
    calls++;
    return services.stores.runs.get(runId); // says “done” but wrote nothing
  });
  await services.sweeps.start(project.id, id);
  expect(calls).toBe(4);
});

it("does not begin a run once it was told to pause", async () => {
  let calls = 0;
  const id = await queueOfFour(async ({ runId }) => {
    calls++;
    return finishRun(runId);
  });
  const started = services.sweeps.start(project.id, id);
  services.sweeps.pause(id);
  expect(await started).toBeUndefined();
  expect(calls).toBe(0);
  const [first] = await inOrder();
  expect(first && services.jobs.get(Aligning.job(first.id)).status).not.toBe("running");
});

it("counts unrelated training pairs, those taken out not among them", async () => {
  services = await testServices();
  project = await projectWithPairs(services, 20); // every tenth is a test pair
  expect(await services.sweeps.unrelatedTrainingPairs(project.id)).toBe(18);
  const [, second, third, ...rest] = await services.stores.datasets.pairs(project.id);
  const pairs = [
    { ...second!, excluded: "wrong" },
    { ...third!, text: rest[0]!.text! }, // now shares a caption with the next
    ...rest,
  ];
  const items = {
    image: await services.stores.datasets.items(project.id, "image"),
    text: await services.stores.datasets.items(project.id, "text"),
    audio: [],
    sensor: [],
  };
  await services.stores.datasets.replaceData(project, { ...items, pairs });
  expect(await services.sweeps.unrelatedTrainingPairs(project.id)).toBe(16);
});
