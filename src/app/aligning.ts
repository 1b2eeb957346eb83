import type { NamedConcepts } from "../core/domain/alignRequest";
import { templatesOf } from "../core/catalogue/promptTemplates";
import type { DevicePreference } from "../core/domain/encoder";
import type { ProjectorPair } from "../core/domain/projector";
import type { Recipe } from "../core/domain/recipe";
import type { Project } from "../core/domain/project";
import type { Run } from "../core/domain/run";
import { AppError } from "../core/errors";
import type { ProjectStore, RunStore } from "../core/ports";
import type { AlignContract } from "../rpc/alignContract";
import type { Changes } from "./changes";
import { isActive, type Jobs } from "./jobs";
import type { LiveRuns } from "./liveRuns";
import { newRun } from "./newRun";
import type { EncodeWordsOptions, Querying } from "./querying";
import { withRecovery } from "./recovery";
import type { WorkerCalls } from "./workerSlot";

interface AligningDependencies {
  readonly projects: ProjectStore;
  readonly runs: RunStore;
  readonly aligner: WorkerCalls<AlignContract>;
  readonly querying: Querying;
  readonly jobs: Jobs;
  readonly live: LiveRuns;
  readonly changes: Changes;
  readonly device: () => DevicePreference;
}

/** Commands of the Align screen. */
export class Aligning {
  readonly #deps: AligningDependencies;

  constructor(deps: AligningDependencies) {
    this.#deps = deps;
  }

  static job = (runId: string): string => `align/${runId}`;

  /** Creates a run of `recipe` on the project's data; `train` starts it. */
  async create(project: Project, recipe: Recipe): Promise<Run> {
    const run = newRun(project, recipe);
    await this.#deps.runs.put(run);
    this.#publish(run);
    return run;
  }

  /**
   * Trains a run to its end, from its last checkpoint if it has one, then scores zero-shot
   * classification if the recipe asks for it. Undefined when it failed or was paused.
   *
   * @param stop pauses it when aborted, as `pause` does.
   */
  async train(runId: string, stop?: AbortSignal): Promise<Run | undefined> {
    const { jobs, runs, live } = this.#deps;
    const before = await this.#onDataOfNow(await runs.get(runId));
    live.clear(runId);
    const pause = () => this.pause(runId);
    const run = await jobs.start(Aligning.job(runId), async (signal, report) => {
      if (stop?.aborted) throw new AppError("cancelled");
      stop?.addEventListener("abort", pause, { once: true });
      await this.#checkZeroShot(before);
      const concepts = await this.#conceptsOf(before, signal);
      const { aligner } = this.#deps;
      const trained = await withRecovery(
        { device: this.#deps.device(), signal, restart: () => aligner.close() },
        ({ device, annotate }) =>
          aligner.call(
            "align",
            { runId, device, ...(concepts && { concepts }) },
            {
              signal,
              watch: ["train"],
              onProgress: (progress) => {
                live.add(runId, progress);
                report(annotate(progress));
                // The worker has written what the recipe's “auto” stands for: show it.
                if (progress.device) this.#publish(before);
              },
            },
          ),
      );
      return this.#scoreZeroShot(trained, { signal, report });
    });
    stop?.removeEventListener("abort", pause);
    await this.#recordFailure(runId);
    live.clear(runId);
    this.#publish(before);
    return run;
  }

  /** Saves a checkpoint and stops; `train` goes on from it. */
  pause(runId: string): void {
    this.#deps.jobs.cancel(Aligning.job(runId));
  }

  /** Ends training after the current step and keeps the best checkpoint. */
  async finish(runId: string): Promise<void> {
    await this.#deps.aligner.call("finish", { runId });
  }

  /** Projectors after the step in hand of a training in this tab; null when there is none. */
  latest(runId: string): Promise<ProjectorPair | null> {
    if (!isActive(this.#deps.jobs.get(Aligning.job(runId)))) return Promise.resolve(null);
    return this.#deps.aligner.call("latest", { runId });
  }

  async rename(runId: string, name: string): Promise<void> {
    this.#publish(await this.#deps.runs.annotate(runId, { name }));
  }

  /** Keeps what the visitor wrote about a run; while it trains, too. */
  async notes(runId: string, notes: string): Promise<void> {
    this.#publish(await this.#deps.runs.annotate(runId, { notes }));
  }

  async remove(runId: string): Promise<void> {
    const run = await this.#deps.runs.get(runId);
    this.#deps.jobs.cancel(Aligning.job(runId));
    await this.#deps.runs.delete(runId);
    this.#publish(run);
  }

  /** A run that waited in a queue learns from the data as they are now, and names them. */
  async #onDataOfNow(run: Run): Promise<Run> {
    if (run.status !== "queued") return run;
    const { data } = await this.#deps.projects.get(run.projectId);
    if (!data || data.digest === run.dataDigest) return run;
    const dated: Run = { ...run, dataDigest: data.digest };
    await this.#deps.runs.put(dated);
    return dated;
  }

  /** Before training rather than after it: the classes have to be there, and to be encoded. */
  async #checkZeroShot(run: Run): Promise<void> {
    const { zeroShot } = run.recipe.evaluate;
    if (!zeroShot) return;
    const project = await this.#projectOf(run);
    const columns = project.data?.labelColumns ?? [];
    if (!columns.includes(zeroShot.label)) {
      const known = columns.join(", ") || "none";
      const detail = `evaluate.zeroShot.label: no label column “${zeroShot.label}”; there are ${known}`;
      throw new AppError("recipe/invalid", detail);
    }
    await this.#deps.querying.assertEncodesWords(project);
  }

  /** Names of concepts have to be encoded here: the align worker has no encoder. */
  async #conceptsOf(run: Run, signal: AbortSignal): Promise<NamedConcepts | null> {
    const { trainOn } = run.recipe.align;
    if (typeof trainOn !== "object" || typeof trainOn.concepts === "string") return null;
    const { querying } = this.#deps;
    const names = trainOn.concepts;
    const project = await this.#projectOf(run);
    await querying.assertEncodesWords(project);
    return { names, vectors: await querying.encodeWords(project, names, { signal }) };
  }

  /** The project as the run sees it: with the run's encoders, whatever it has chosen since. */
  async #projectOf({ projectId, recipe }: Run): Promise<Project> {
    return { ...(await this.#deps.projects.get(projectId)), encoders: recipe.encoders };
  }

  async #scoreZeroShot(run: Run, options: EncodeWordsOptions): Promise<Run> {
    const settings = run.recipe.evaluate.zeroShot;
    const project = await this.#projectOf(run);
    if (!settings) return run;
    const labels = await this.#deps.querying.labelsOf(project, settings.label);
    const { score } = await this.#deps.querying.classify(project, run.id, {
      labels,
      ...options,
      templates: templatesOf(settings.templates),
      truth: settings.label,
      splits: ["test"],
    });
    const scored: Run = { ...run, zeroShot: score };
    await this.#deps.runs.put(scored);
    return scored;
  }

  /** A run whose worker died could not say so itself. */
  async #recordFailure(runId: string): Promise<void> {
    const { jobs, runs } = this.#deps;
    const job = jobs.get(Aligning.job(runId));
    if (job.status !== "failed") return;
    const { code, detail } = job.error;
    await runs.put({ ...(await runs.get(runId)), status: "failed", error: { code, detail } });
  }

  #publish(run: Run): void {
    this.#deps.changes.publish(`runs/${run.projectId}`, `run/${run.id}`);
  }
}
