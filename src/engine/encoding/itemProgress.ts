import type { EncodeProgress } from "../../core/domain/encodeRequest";
import type { Stage } from "../../core/progress";

/** The screen cannot use more; a busy worker should not send more. */
const INTERVAL_MS = 100;

/** Counts items up to `total`; sends the first event, at most one per 100 ms, and the last. */
export class ItemProgress {
  readonly #stage: Stage;
  readonly #total: number;
  readonly #report: (progress: EncodeProgress) => void;
  readonly #clock: () => number;
  #done: number;
  #sentAt: number;

  constructor(
    start: { readonly stage: Stage; readonly done: number; readonly total: number },
    report: (progress: EncodeProgress) => void,
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

  /** Says at once which items are at work: a moment later the worker may be gone. */
  atWork(digests: readonly string[]): void {
    this.#send(digests);
  }

  #send(inFlight?: readonly string[]): void {
    const progress = { stage: this.#stage, done: this.#done, total: this.#total } as const;
    this.#report({ ...progress, unit: "items", ...(inFlight && { inFlight }) });
  }
}
