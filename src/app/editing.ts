import type { DataCheck, EditRequest } from "../core/domain/edit";
import type { ImportContract } from "../rpc/importContract";
import type { Changes } from "./changes";
import { isActive, type Jobs } from "./jobs";
import type { WorkerCalls } from "./workerSlot";

interface EditingDependencies {
  readonly importer: WorkerCalls<ImportContract>;
  readonly jobs: Jobs;
  readonly changes: Changes;
  /** Whether the worker is busy with an import, which must not lose it. */
  readonly isImporting: (projectId: string) => boolean;
}

/** What the checks found, and on which data: after an edit it is out of date. */
export interface CheckResult {
  readonly digest: string;
  readonly checks: readonly DataCheck[];
}

/** Commands that change imported data, and the checks that suggest them. */
export class Editing {
  readonly #deps: EditingDependencies;
  #calls = 0;

  constructor(deps: EditingDependencies) {
    this.#deps = deps;
  }

  static checkJob = (projectId: string): string => `check/${projectId}`;

  /**
   * Makes a change that `undo` takes back.
   *
   * @returns what was done, `Excluded 3 pairs`, or null when nothing had to change.
   * @throws AppError `data/edit`, `storage/*`.
   */
  apply(projectId: string, request: EditRequest): Promise<string | null> {
    return this.#change(projectId, () => this.#deps.importer.call("edit", { projectId, request }));
  }

  /** Takes the latest change back. @returns which it was. @throws AppError `data/edit`. */
  undo(projectId: string): Promise<string | null> {
    return this.#change(projectId, () => this.#deps.importer.call("undoEdit", { projectId }));
  }

  /** Indices of all pairs with the picture or sound of one. */
  relatedPairs(projectId: string, pair: number): Promise<number[]> {
    return this.#counted(() => this.#deps.importer.call("relatedPairs", { projectId, pair }));
  }

  /** Runs the checks as a job whose result is a `CheckResult`. */
  async check(projectId: string, digest: string): Promise<CheckResult | undefined> {
    const { jobs, importer, isImporting } = this.#deps;
    const job = Editing.checkJob(projectId);
    if (isActive(jobs.get(job))) return undefined;
    const result = await jobs.start(job, async (signal, onProgress): Promise<CheckResult> => {
      const call = () => importer.call("check", { projectId }, { signal, onProgress });
      return { digest, checks: await this.#counted(call) };
    });
    // The pictures it compared are memory the encoders need; an edit keeps the worker open.
    if (this.#calls === 0 && !isImporting(projectId)) importer.close();
    return result;
  }

  async #change(
    projectId: string,
    call: () => Promise<{ words: string | null }>,
  ): Promise<string | null> {
    const { words } = await this.#counted(call);
    this.#deps.changes.publish("projects", `project/${projectId}`);
    return words;
  }

  async #counted<T>(call: () => Promise<T>): Promise<T> {
    this.#calls++;
    try {
      return await call();
    } finally {
      this.#calls--;
    }
  }
}
