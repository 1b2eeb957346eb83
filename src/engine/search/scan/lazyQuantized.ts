import { AppError } from "../../../core/errors";
import type { Matrix } from "../../../core/math/matrix";
import { breathe } from "../../align/breathe";
import { QuantizedRows } from "./quantizedRows";

const LEAST_VALUES = 2 ** 21; // 4,000 × 512, which the plain loop scores in 4 ms

/**
 * The query that starts it. Making bytes costs what six plain searches do, and while a training runs
 * each gallery is asked once, then replaced.
 */
const STARTING_QUERY = 2;

/** A gallery's quantised rows, made in the background from the second query on. */
export class LazyQuantized {
  readonly #gallery: Matrix;
  readonly #ended = new AbortController();
  #queries = 0;
  #ready: QuantizedRows | null = null;
  #failure: unknown;

  constructor(gallery: Matrix) {
    this.#gallery = gallery;
  }

  /**
   * Null until they are ready, for a small gallery, and where there is no memory for them: then every
   * row is scored in full, with the same result.
   */
  get(): QuantizedRows | null {
    if (this.#failure !== undefined) throw this.#failure;
    const { rows, cols } = this.#gallery;
    this.#queries++;
    if (this.#queries === STARTING_QUERY && rows * cols >= LEAST_VALUES) void this.#make();
    return this.#ready;
  }

  /** Gives the memory back; the rows are not made again. */
  release(): void {
    this.#queries = Infinity;
    this.#ended.abort();
    this.#ready?.release();
    this.#ready = null;
  }

  async #make(): Promise<void> {
    const { signal } = this.#ended;
    try {
      const made = await QuantizedRows.of(this.#gallery, () => breathe(signal));
      if (signal.aborted) made?.release();
      else this.#ready = made;
    } catch (thrown) {
      const failure = AppError.from(thrown);
      if (failure.code !== "cancelled") this.#failure = failure; // the next query says so
    }
  }
}
