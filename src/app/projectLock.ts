/** Whether this tab may change a project. One tab at a time holds the lock. */
export type LockStatus = "pending" | "held" | "elsewhere";

/**
 * Holds the project's Web Lock for as long as this tab has it open. A crashed tab's lock is
 * released by the browser; a lock taken over ends here as `elsewhere`.
 */
export class ProjectLock {
  readonly #name: string;
  readonly #onChange: (status: LockStatus) => void;
  #release: () => void = () => {};
  #ended = false;

  constructor(projectId: string, onChange: (status: LockStatus) => void) {
    this.#name = `project:${projectId}`;
    this.#onChange = onChange;
  }

  /** Takes the lock if it is free; otherwise reports `elsewhere` and waits for its turn. */
  async open(): Promise<void> {
    if (!(await this.#hold({ ifAvailable: true }))) {
      this.#report("elsewhere");
      await this.#hold({});
    }
  }

  /** Takes the lock from the tab that has it; that tab becomes read-only. */
  async takeOver(): Promise<void> {
    await this.#hold({ steal: true });
  }

  close(): void {
    this.#ended = true;
    this.#release();
  }

  /** Resolves true when the lock was held and given back, false when it was not available. */
  async #hold(options: LockOptions): Promise<boolean> {
    if (this.#ended) return true;
    try {
      return await navigator.locks.request(this.#name, options, async (lock) => {
        if (!lock) return false;
        if (this.#ended) return true;
        this.#report("held");
        await new Promise<void>((release) => (this.#release = release));
        return true;
      });
    } catch (thrown) {
      // Another tab took it over: the request rejects with AbortError while we hold the lock.
      if ((thrown as Partial<Error> | null)?.name !== "AbortError") throw thrown;
      this.#report("elsewhere");
      return true;
    }
  }

  #report(status: LockStatus): void {
    if (!this.#ended) this.#onChange(status);
  }
}
