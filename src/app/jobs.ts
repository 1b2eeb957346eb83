import { AppError } from "../core/errors";
import { reduceJob, type JobEvent, type JobState } from "../core/job";
import type { Progress } from "../core/progress";

export type RunJob<R> = (signal: AbortSignal, report: (progress: Progress) => void) => Promise<R>;

const IDLE: JobState = { status: "idle" };

/** All jobs of this tab, outside React, so that leaving a screen neither stops nor loses one. */
export class Jobs {
  #states: ReadonlyMap<string, JobState> = new Map();
  readonly #aborts = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();

  readonly get = (id: string): JobState => this.#states.get(id) ?? IDLE;

  /** Every job that ever ran in this tab, by id; a new map after each change. */
  readonly all = (): ReadonlyMap<string, JobState> => this.#states;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Runs `run` as job `id`.
   *
   * @returns what `run` resolves to, or undefined when it failed, was cancelled, or the job was
   *   already active: the state says which.
   */
  async start<R>(id: string, run: RunJob<R>): Promise<R | undefined> {
    if (this.#aborts.has(id)) return undefined;
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    this.#emit(id, { type: "start", at: performance.now() });
    try {
      const result = await run(abort.signal, (progress) =>
        this.#emit(id, { type: "progress", progress }),
      );
      this.#emit(id, { type: "succeed", result });
      return result;
    } catch (thrown) {
      this.#emit(id, { type: "fail", error: AppError.from(thrown) });
      return undefined;
    } finally {
      this.#aborts.delete(id);
    }
  }

  cancel(id: string): void {
    this.#emit(id, { type: "cancel" });
    this.#aborts.get(id)?.abort();
  }

  /** Forgets how a finished job ended, so that its message leaves the screen. */
  dismiss(id: string): void {
    if (this.#aborts.has(id)) return;
    const next = new Map(this.#states);
    if (next.delete(id)) this.#publish(next);
  }

  #emit(id: string, event: JobEvent): void {
    const before = this.get(id);
    const after = reduceJob(before, event);
    if (after !== before) this.#publish(new Map(this.#states).set(id, after));
  }

  #publish(states: ReadonlyMap<string, JobState>): void {
    this.#states = states;
    for (const listener of this.#listeners) listener();
  }
}

/** True while the job can still change the project. */
export function isActive(job: JobState): boolean {
  return job.status === "running" || job.status === "cancelling";
}
