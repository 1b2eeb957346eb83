import { AppError } from "../../../core/errors";
import type { Matrix } from "../../../core/math/matrix";
import { breathe } from "../../align/breathe";
import { QuantizedRows } from "./quantizedRows";

/**
 * Values from which a gallery is quantised: 4,000 × 512, which the plain loop scores in 4 ms. Making
 * bytes of it costs what six plain searches do, and a training renews small galleries at every step.
 */
const LEAST_VALUES = 2 ** 21;

/** A gallery's quantised rows, made in the background from the first query on. */
export class LazyQuantized {
  readonly #gallery: Matrix;
  readonly #ended = new AbortController();
  #isAsked = false;
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
    if (!this.#isAsked && rows * cols >= LEAST_VALUES) {
      this.#isAsked = true;
      void this.#make();
    }
    return this.#ready;
  }

  /** Gives the memory back; the rows are not made again. */
  release(): void {
    this.#isAsked = true;
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
