/**
 * Runs one task at a time; of those that come in meanwhile only the newest is kept.
 *
 * Typing asks more often than an encoder answers. Ending stale work by an abort would restart a
 * worker that is still loading its encoder, so stale questions are dropped before they are asked.
 */
export class LatestOnly {
  #busy = false;
  #next: (() => Promise<void>) | undefined;

  /** @param task handles its own errors. */
  run(task: () => Promise<void>): void {
    this.#next = task;
    if (!this.#busy) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    try {
      while (this.#next) {
        const task = this.#next;
        this.#next = undefined;
        await task();
      }
    } finally {
      this.#busy = false;
    }
  }
}
