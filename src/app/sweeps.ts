import type { Project } from "../core/domain/project";
import type { Run } from "../core/domain/run";
import { pairTableOf } from "../core/domain/splits";
import { isUnfinished, runsOfSweep } from "../core/domain/storedSweep";
import { pointName, type Sweep } from "../core/domain/sweep";
import { remainingMs, runWork, type FinishedRun } from "../core/domain/sweepTime";
import { trainingComponents } from "../core/domain/trainingSubset";
import { AppError } from "../core/errors";
import type { DatasetStore, RunStore } from "../core/ports";
import type { Progress } from "../core/progress";
import { Aligning } from "./aligning";
import type { Changes } from "./changes";
import { isActive, type Jobs } from "./jobs";
import { newRun } from "./newRun";

interface SweepsDependencies {
  readonly runs: RunStore;
  readonly datasets: DatasetStore;
  readonly aligning: Aligning;
  readonly jobs: Jobs;
  readonly changes: Changes;
}

const REPORT_EVERY_MS = 1_000; // a time left that counts down

/** Queues of runs: what a recipe with lists becomes. The stored runs are the queue. */
export class Sweeps {
  readonly #deps: SweepsDependencies;

  constructor(deps: SweepsDependencies) {
    this.#deps = deps;
  }

  static job = (sweepId: string): string => `sweep/${sweepId}`;

  /**
   * Stores every run of a sweep as `queued`; `start` trains them.
   *
   * @returns the id of the sweep, by which its runs are found (`run.sweep.id`).
   */
  async create(project: Project, sweep: Sweep): Promise<string> {
    const id = crypto.randomUUID();
    for (const [index, recipe] of sweep.recipes.entries()) {
      const at = sweep.points[index] ?? {};
      const words = pointName(at);
      const name = words === "" ? sweep.name : `${sweep.name}: ${words}`;
      const place = { name, sweep: { id, name: sweep.name, at }, index };
      await this.#deps.runs.put(newRun(project, recipe, place));
    }
    // Once: every screen that lists runs reads them again.
    this.#deps.changes.publish(`runs/${project.id}`);
    return id;
  }

  /**
   * Trains the runs of a sweep that have not ended, one after the other, from where each is: also
   * after a reload. A run that fails says so in its own record, and the next one follows. Pausing
   * the sweep, or the run in hand, keeps the rest queued.
   *
   * @returns all runs of the sweep; undefined when it was paused (or is running already).
   */
  start(projectId: string, sweepId: string): Promise<readonly Run[] | undefined> {
    return this.#deps.jobs.start(Sweeps.job(sweepId), async (signal, report) => {
      await new Queue(this.#deps, { projectId, sweepId, signal, report }).trainAll();
      return this.#runsOf(projectId, sweepId);
    });
  }

  /** Pauses the run in hand; `start` goes on from there. */
  pause(sweepId: string): void {
    this.#deps.jobs.cancel(Sweeps.job(sweepId));
  }

  /** Removes the runs whose turn has not come. */
  async removeQueued(projectId: string, sweepId: string): Promise<void> {
    const { jobs, aligning } = this.#deps;
    for (const { id, status } of await this.#runsOf(projectId, sweepId)) {
      // The run in hand is “queued” until its worker has written otherwise.
      if (status === "queued" && !isActive(jobs.get(Aligning.job(id)))) await aligning.remove(id);
    }
  }

  /** Training pairs of a project that share no item: the largest `trainOn`, a curve's last size. */
  async unrelatedTrainingPairs(projectId: string): Promise<number> {
    const pairs = await this.#deps.datasets.pairs(projectId);
    const table = pairTableOf(
      pairs.flatMap(({ excluded, image, text, split }) =>
        excluded === undefined && image !== undefined && text !== undefined
          ? [{ split, image, text }]
          : [],
      ),
    );
    return trainingComponents(table).length;
  }

  async #runsOf(projectId: string, sweepId: string): Promise<Run[]> {
    return runsOfSweep(await this.#deps.runs.list(projectId), sweepId);
  }
}

interface QueueJob {
  readonly projectId: string;
  readonly sweepId: string;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** One sitting of a sweep. */
class Queue {
  readonly #deps: SweepsDependencies;
  readonly #job: QueueJob;
  readonly #finished: FinishedRun[] = [];
  /** Runs that had their turn in this sitting, so that none is tried for ever. */
  readonly #tried = new Set<string>();
  #total = 0;
  #left: readonly Run[] = [];
  #pairs = 0;
  #failed = 0;
  #runStartedAt = 0;

  constructor(deps: SweepsDependencies, job: QueueJob) {
    this.#deps = deps;
    this.#job = job;
  }

  async trainAll(): Promise<void> {
    const { projectId, sweepId } = this.#job;
    this.#pairs = await trainingPairs(this.#deps.datasets, projectId);
    const all = runsOfSweep(await this.#deps.runs.list(projectId), sweepId);
    this.#total = all.length;
    for (const run of all) {
      // Of an earlier sitting: without evaluation and baselines, but better than nothing.
      if (!isUnfinished(run) && run.timings.alignMs > 0) this.#record(run, run.timings.alignMs);
    }
    const ticking = setInterval(() => this.#report(), REPORT_EVERY_MS);
    try {
      for (let run = await this.#next(); run; run = await this.#next()) await this.#train(run);
      this.#report();
    } finally {
      clearInterval(ticking);
    }
  }

  /** Looked up each time: the visitor may have removed some. */
  async #next(): Promise<Run | undefined> {
    const { projectId, sweepId } = this.#job;
    const runs = runsOfSweep(await this.#deps.runs.list(projectId), sweepId);
    this.#left = runs.filter((run) => isUnfinished(run) && !this.#tried.has(run.id));
    return this.#left[0];
  }

  async #train({ id }: Run): Promise<void> {
    const { aligning, jobs } = this.#deps;
    const { signal } = this.#job;
    this.#tried.add(id);
    this.#runStartedAt = performance.now();
    this.#report();
    const trained = await aligning.train(id, signal);
    if (trained) this.#record(trained, performance.now() - this.#runStartedAt);
    const { status } = jobs.get(Aligning.job(id));
    if (status === "failed") this.#failed++;
    // A run that was removed while it trained ends cancelled, too: the next one follows.
    const isPaused = status === "cancelled" && (await this.#isStored(id));
    if (isPaused || signal.aborted) throw new AppError("cancelled");
  }

  async #isStored(runId: string): Promise<boolean> {
    const runs = await this.#deps.runs.list(this.#job.projectId);
    return runs.some(({ id }) => id === runId);
  }

  #record({ recipe: { align } }: Run, elapsedMs: number): void {
    const work = runWork(align, this.#pairs);
    this.#finished.push({ method: align.method, work, elapsedMs });
  }

  #report(): void {
    const queue = this.#left.map(({ recipe: { align } }) => ({
      method: align.method,
      work: runWork(align, this.#pairs),
    }));
    const left = remainingMs(queue, this.#finished, performance.now() - this.#runStartedAt);
    this.#job.report({
      stage: "sweep",
      done: this.#total - this.#left.length,
      total: this.#total,
      unit: "runs",
      ...(left !== undefined && queue.length > 0 && { remainingMs: left }),
      ...(this.#failed > 0 && { note: `${this.#failed} failed; each says why in its own record.` }),
    });
  }
}

/** Training pairs of a project that are not taken out. */
async function trainingPairs(datasets: DatasetStore, projectId: string): Promise<number> {
  const pairs = await datasets.pairs(projectId);
  return pairs.filter(({ split, excluded }) => split === "train" && excluded === undefined).length;
}
