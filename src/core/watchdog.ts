/** Never declare a worker dead sooner than this: one slow batch on a busy laptop takes seconds. */
const MINIMUM_MS = 30_000;
/** How fast the usual interval falls towards shorter ones; a longer one counts at once. */
const SMOOTHING = 0.3;

/**
 * Decides when silence means a hang: no heartbeat for three times the usual interval, and at least
 * 30 s. Times are passed in, so that the policy is testable without waiting.
 */
export class Watchdog {
  #last: number;
  #usualMs = 0;

  constructor(nowMs: number) {
    this.#last = nowMs;
  }

  /** A sign of life. */
  beat(nowMs: number): void {
    const interval = nowMs - this.#last;
    // Two reports in a row (a batch is done, the next begins) do not make a slow batch a hang.
    const smoothed = this.#usualMs + SMOOTHING * (interval - this.#usualMs);
    this.#usualMs = Math.max(interval, smoothed);
    this.#last = nowMs;
  }

  /** Silence that is not a hang (loading, compiling shaders, computing baselines). */
  pause(nowMs: number): void {
    this.#last = nowMs;
  }

  isStalled(nowMs: number): boolean {
    return nowMs - this.#last > Math.max(MINIMUM_MS, 3 * this.#usualMs);
  }
}
