import type { Diagnosis } from "../core/domain/diagnosis";
import type { Project } from "../core/domain/project";
import type { Run } from "../core/domain/run";
import { planShift } from "../core/domain/shiftCaptions";
import { captionWithouts, predictionCosines, type WordDrop } from "../core/metrics/wordDrops";
import type { DatasetStore, RunStore, SettingStore } from "../core/ports";
import type { ExploreContract } from "../rpc/exploreContract";
import type { Aligning } from "./aligning";
import type { Changes } from "./changes";
import type { Editing } from "./editing";
import type { Encoding } from "./encoding";
import type { Jobs } from "./jobs";
import type { Querying } from "./querying";
import type { WorkerCalls } from "./workerSlot";

interface DoctoringDependencies {
  readonly explorer: WorkerCalls<ExploreContract>;
  readonly datasets: Pick<DatasetStore, "pairs">;
  readonly runs: Pick<RunStore, "get">;
  readonly settings: SettingStore;
  readonly editing: Editing;
  readonly querying: Pick<Querying, "encodeWords">;
  readonly encoding: Pick<Encoding, "count" | "encode">;
  readonly aligning: Pick<Aligning, "create" | "train">;
  readonly jobs: Jobs;
  readonly changes: Changes;
}

/** Which run was trained again after repairs. */
export interface Retraining {
  readonly before: string;
  readonly after: string;
}

/** Tag of pairs that were looked at and found right. */
export const CHECKED_TAG = "checked";

const MOST_WORDS = 40; // a text encoding each

/** Commands of the pair doctor. */
export class Doctoring {
  readonly #deps: DoctoringDependencies;

  constructor(deps: DoctoringDependencies) {
    this.#deps = deps;
  }

  static job = (projectId: string): string => `doctor/${projectId}`;

  /** Judges all pairs and remembers the result. Undefined when it failed or was stopped. */
  examine(projectId: string): Promise<Diagnosis | undefined> {
    const { jobs, explorer, settings, changes } = this.#deps;
    return jobs.start(Doctoring.job(projectId), async (signal, onProgress) => {
      const diagnosis = await explorer.call("examine", { projectId }, { signal, onProgress });
      await settings.put(diagnosisName(projectId), diagnosis);
      changes.publish(`project/${projectId}`);
      return diagnosis;
    });
  }

  /** The last diagnosis of a project, made in this browser at any time; null: none. */
  async diagnosis(projectId: string): Promise<Diagnosis | null> {
    // Only `examine` writes under this name.
    return ((await this.#deps.settings.get(diagnosisName(projectId))) as Diagnosis) ?? null;
  }

  /**
   * What each word of a caption does to its agreement with the picture of a line of the ranking: the
   * drop in cosine without it. Null when the line is too far down to have its prediction kept;
   * empty for one word.
   *
   * @throws AppError `encoder/vectors-only` when words cannot be encoded.
   */
  async wordDrops(
    project: Project,
    { predictions }: Diagnosis,
    { place, caption, signal }: { place: number; caption: string; signal?: AbortSignal },
  ): Promise<readonly WordDrop[] | null> {
    const { words, withouts } = captionWithouts(caption, MOST_WORDS);
    if (withouts.length === 0) return [];
    const texts = [words.join(" "), ...withouts];
    const vectors = await this.#deps.querying.encodeWords(project, texts, { signal });
    const cosines = predictionCosines(predictions, place, vectors);
    const whole = cosines?.[0] ?? NaN;
    return cosines && words.map((word, k) => ({ word, drop: whole - (cosines[k + 1] ?? NaN) }));
  }

  /**
   * Gives every row the caption `offset` rows further down and takes out the rows at the end for
   * which none is left. Both can be undone. @returns what was done, in words.
   *
   * @throws AppError `data/edit`, `storage/*`.
   */
  async shiftTable(projectId: string, offset: number): Promise<string> {
    const { datasets, editing } = this.#deps;
    const { shift, left } = planShift(await datasets.pairs(projectId), offset);
    const moved = await editing.apply(projectId, shift);
    const reason = "no caption after the table was shifted";
    const out =
      left.length > 0
        ? await editing.apply(projectId, { kind: "exclude", pairs: left, reason })
        : null;
    return [moved, out].filter((words) => words !== null).join(". ");
  }

  /**
   * Encodes captions that were typed since, then trains the recipe of a run again on the data as they
   * are now, and remembers which run it is. Undefined when either failed or was stopped.
   */
  async retrain(project: Project, runId: string): Promise<Run | undefined> {
    const { runs, encoding, aligning, settings, changes } = this.#deps;
    const { encoded, total } = await encoding.count(project, "text");
    if (encoded < total && !(await encoding.encode(project.id, "text"))) return undefined;
    const before = await runs.get(runId);
    const run = await aligning.create(project, {
      ...before.recipe,
      name: `${before.name}, repaired`,
    });
    const retraining: Retraining = { before: runId, after: run.id };
    await settings.put(retrainingName(project.id), retraining);
    changes.publish(`project/${project.id}`);
    return aligning.train(run.id);
  }

  /** The last run trained again after repairs; null: none. */
  async retraining(projectId: string): Promise<Retraining | null> {
    // Only `retrain` writes under this name.
    return ((await this.#deps.settings.get(retrainingName(projectId))) as Retraining) ?? null;
  }
}

/** What is remembered under; dropped with the project. */
const diagnosisName = (projectId: string) => `doctor/${projectId}`;
const retrainingName = (projectId: string) => `doctor-run/${projectId}`;
