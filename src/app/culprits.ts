import { AppError } from "../core/errors";

/** So many items in a row that end the worker: it is the encoder or the device, not they. */
const GIVE_UP_AFTER = 3;

/** Restarts one job may spend on the search: about four culprits in batches of 32. */
const MAX_RESTARTS = 32;

/**
 * Finds the items that end their worker, by halving what was at work when it ended. An item is
 * guilty when the worker ended twice with it at work, the second time with nothing beside it.
 */
export class Culprits {
  readonly #skip: string[] = [];
  readonly #accused = new Set<string>();
  #suspects: readonly (readonly string[])[] = [];
  #guiltyInARow = 0;
  #restarts = 0;

  /** Items to leave out. */
  get skip(): readonly string[] {
    return this.#skip;
  }

  /** Groups to try first, each by itself. */
  get suspects(): readonly (readonly string[])[] {
    return this.#suspects;
  }

  /** Something was encoded since the worker last ended, so not everything ends it. */
  acquit(): void {
    this.#guiltyInARow = 0;
  }

  /**
   * Narrows the search after the worker ended.
   *
   * @param inFlight digests at work at that moment, at least one.
   * @throws AppError `encoder/crashes` when nothing but culprits comes, or too many restarts.
   */
  blame(inFlight: readonly string[]): void {
    const [only] = inFlight;
    const isGuilty = inFlight.length === 1 && only !== undefined && this.#accused.has(only);
    const others = this.#without(inFlight);
    if (isGuilty) {
      this.#skip.push(only);
      this.#guiltyInARow++;
      this.#suspects = others;
    } else {
      for (const digest of inFlight) this.#accused.add(digest);
      this.#suspects = [...halves(inFlight), ...others];
    }
    this.#restarts++;
    if (this.#guiltyInARow >= GIVE_UP_AFTER || this.#restarts >= MAX_RESTARTS) {
      const found = `${this.#restarts} restarts, ${this.#skip.length} items left out`;
      throw new AppError("encoder/crashes", found);
    }
  }

  #without(inFlight: readonly string[]): readonly (readonly string[])[] {
    const tried = new Set(inFlight);
    return this.#suspects
      .map((group) => group.filter((digest) => !tried.has(digest)))
      .filter((group) => group.length > 0);
  }
}

function halves(group: readonly string[]): readonly (readonly string[])[] {
  if (group.length === 1) return [group];
  const middle = Math.ceil(group.length / 2);
  return [group.slice(0, middle), group.slice(middle)];
}
