/** A query someone is waiting for goes before the batches of a long job. */
export type Priority = "query" | "batch";

interface Waiting {
  readonly priority: Priority;
  start(): void;
}

/**
 * Lets one task at a time through, queries first, otherwise in order of arrival.
 *
 * onnxruntime-web needs this per worker, across all its sessions: two overlapping calls of create,
 * run or release block the worker for good (microsoft/onnxruntime #32561, #31627).
 */
export class Mutex {
  readonly #waiting: Waiting[] = [];
  #busy = false;

  /** Runs `task` alone and passes on its result or error; the lock is released either way. */
  async run<T>(task: () => Promise<T>, priority: Priority = "batch"): Promise<T> {
    await this.#lock(priority);
    try {
      return await task();
    } finally {
      this.#unlock();
    }
  }

  #lock(priority: Priority): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return Promise.resolve();
    }
    return new Promise((start) => {
      const place =
        priority === "query" ? this.#waiting.findIndex((task) => task.priority === "batch") : -1;
      this.#waiting.splice(place < 0 ? this.#waiting.length : place, 0, { priority, start });
    });
  }

  #unlock(): void {
    const next = this.#waiting.shift();
    // Handed over, not freed: a newcomer must not slip in between two tasks.
    if (next) next.start();
    else this.#busy = false;
  }
}
