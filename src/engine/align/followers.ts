import type { ProjectorPair } from "../../core/domain/projector";

type Answer = (projectors: ProjectorPair | null) => void;

/** Those who follow a training: each question is answered once, with what the next step leaves. */
export class Followers {
  #runId: string | null = null;
  #waiting: Answer[] = [];

  /** From here on questions about this run wait for its next step. */
  begin(runId: string): void {
    this.#runId = runId;
  }

  /** Projectors after the step in hand; null at once when this run is not training. */
  latest(runId: string): Promise<ProjectorPair | null> {
    if (runId !== this.#runId) return Promise.resolve(null);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Answers everyone who waits, from one reading; nobody waiting costs nothing.
   *
   * @param read copies the projectors; every asker gets arrays of its own, which it may transfer.
   */
  async answer(read: () => Promise<ProjectorPair>): Promise<void> {
    if (this.#waiting.length === 0) return;
    const [first, ...rest] = this.#waiting;
    this.#waiting = [];
    const projectors = await read();
    for (const each of rest) each(structuredClone(projectors));
    first?.(projectors);
  }

  /** The training is over: whoever waits hears that there is nothing newer. */
  end(): void {
    this.#runId = null;
    for (const each of this.#waiting) each(null);
    this.#waiting = [];
  }
}
