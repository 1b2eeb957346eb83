import type { EncoderSpec } from "../core/domain/encoder";
import type { DownloadContract } from "../rpc/downloadContract";
import type { Changes } from "./changes";
import type { Jobs } from "./jobs";
import { logError } from "./log";
import type { WorkerCalls } from "./workerSlot";

interface DownloadsDependencies {
  readonly worker: WorkerCalls<DownloadContract>;
  readonly jobs: Jobs;
  readonly changes: Changes;
  /** Address of the hub. */
  readonly hub: () => string;
}

/** Commands on the files of encoders that do not ship with the page. */
export class Downloads {
  readonly #deps: DownloadsDependencies;
  readonly #listeners = new Set<() => void>();
  /** Of workers that are gone, and of the one at work. */
  #earlierRequests = 0;
  #currentRequests = 0;

  constructor(deps: DownloadsDependencies) {
    this.#deps = deps;
  }

  static job = (encoderId: string): string => `download/${encoderId}`;

  /**
   * Fetches an encoder from the hub. Call it only when the visitor has agreed to name, size and
   * licence. Undefined when it failed or was stopped; what has arrived is kept for the next call.
   */
  async start(encoderId: string): Promise<EncoderSpec | undefined> {
    const { jobs, changes, worker, hub } = this.#deps;
    const spec = await jobs.start(Downloads.job(encoderId), async (signal, report) => {
      const params = { encoderId, hub: hub() };
      try {
        return await worker.call("download", params, { signal, onProgress: report });
      } finally {
        await this.#countRequests();
      }
    });
    changes.publish("encoders");
    return spec;
  }

  /** Stops; the next start goes on from here. */
  cancel(encoderId: string): void {
    this.#deps.jobs.cancel(Downloads.job(encoderId));
  }

  /** Deletes the files of a downloaded or own encoder; embeddings made with it stay. */
  async delete(encoderId: string): Promise<void> {
    const { jobs, changes, worker } = this.#deps;
    await worker.call("deleteFiles", { encoderId });
    jobs.dismiss(Downloads.job(encoderId));
    changes.publish("encoders");
  }

  /** Bytes kept per encoder, unfinished downloads too. */
  async storedBytes(): Promise<ReadonlyMap<string, number>> {
    const stored = await this.#deps.worker.call("storedFiles", null);
    return new Map(stored.map(({ encoderId, bytes }) => [encoderId, bytes]));
  }

  /** Requests to other sites that downloads have made since the page was loaded. */
  readonly foreignRequests = (): number => this.#earlierRequests + this.#currentRequests;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async #countRequests(): Promise<void> {
    try {
      const now = await this.#deps.worker.call("foreignRequests", null);
      if (now < this.#currentRequests) this.#earlierRequests += this.#currentRequests; // a new worker
      this.#currentRequests = now;
    } catch (thrown) {
      logError(thrown); // the download itself has its own error
    }
    for (const listener of this.#listeners) listener();
  }
}
