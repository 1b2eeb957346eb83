import type { Progress, Stage } from "../../core/progress";

/** The screen cannot use more; a busy worker should not send more. */
const INTERVAL_MS = 100;

/** Counts items up to `total`; sends the first event, at most one per 100 ms, and the last. */
export class ItemProgress {
  readonly #stage: Stage;
  readonly #total: number;
  readonly #report: (progress: Progress) => void;
  readonly #clock: () => number;
  #done: number;
  #sentAt: number;

  constructor(
    start: { readonly stage: Stage; readonly done: number; readonly total: number },
    report: (progress: Progress) => void,
    clock: () => number,
  ) {
    this.#stage = start.stage;
    this.#total = start.total;
    this.#done = start.done;
    this.#report = report;
    this.#clock = clock;
    this.#sentAt = clock();
    this.#send();
  }

  add(items: number): void {
    this.#done += items;
    const now = this.#clock();
    if (this.#done < this.#total && now - this.#sentAt < INTERVAL_MS) return;
    this.#sentAt = now;
    this.#send();
  }

  #send(): void {
    this.#report({ stage: this.#stage, done: this.#done, total: this.#total, unit: "items" });
  }
}
