import type { Item } from "../../core/domain/dataset";
import type { ItemNote } from "../../core/domain/namedItems";
import { AppError } from "../../core/errors";
import type { Matrix } from "../../core/math/matrix";
import type { EmbeddingStore } from "../../core/ports";
import { mayBeItsItem, type BatchAttempt } from "./batchAttempt";
import type { ItemProgress } from "./itemProgress";

/** So many items in a row refused by the session itself: it is broken, not they. */
const GIVE_UP_AFTER = 8;

interface BatchStoreOptions {
  readonly encoderKey: string;
  readonly embeddings: EmbeddingStore;
  readonly signal: AbortSignal;
}

/** Stores finished batches at once, and takes failed ones apart to find the item at fault. */
export class BatchStore {
  readonly #options: BatchStoreOptions;
  readonly #progress: ItemProgress;
  readonly #failed: ItemNote[] = [];
  #encoded = 0;
  #refusedInARow = 0;
  #isStopped = false;

  constructor(options: BatchStoreOptions, progress: ItemProgress) {
    this.#options = options;
    this.#progress = progress;
  }

  get encoded(): number {
    return this.#encoded;
  }

  get failed(): readonly ItemNote[] {
    return this.#failed;
  }

  /** Whether a stop came while a failed batch was taken apart, so that items of it are left. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** @throws AppError the batch's own error when it cannot be the fault of an item. */
  async keep({ batch, outcome, again }: BatchAttempt): Promise<void> {
    if (!(outcome instanceof AppError)) {
      await this.#put(batch, outcome);
      this.#progress.add(batch.length);
      return;
    }
    if (!mayBeItsItem(outcome)) throw outcome;
    const [only] = batch;
    if (batch.length === 1 && only) {
      this.#refuse(only, outcome);
      return;
    }
    await this.#takeApart(batch, again);
  }

  async #takeApart(batch: readonly Item[], again: BatchAttempt["again"]): Promise<void> {
    for (const item of batch) {
      if (this.#options.signal.aborted) {
        this.#isStopped = true;
        return;
      }
      this.#progress.atWork([item.digest]);
      const outcome = await again(item);
      if (outcome instanceof AppError) {
        if (!mayBeItsItem(outcome)) throw outcome;
        this.#refuse(item, outcome);
      } else {
        await this.#put([item], outcome);
        this.#progress.add(1);
      }
    }
  }

  async #put(batch: readonly Item[], vectors: Matrix): Promise<void> {
    const digests = batch.map(({ digest }) => digest);
    await this.#options.embeddings.putChunk(this.#options.encoderKey, digests, vectors);
    this.#encoded += batch.length;
    this.#refusedInARow = 0;
  }

  #refuse({ digest, source }: Item, error: AppError): void {
    const isSessions = error.code === "encoder/failed" || error.code === "data/non-finite";
    this.#refusedInARow = isSessions ? this.#refusedInARow + 1 : 0;
    if (this.#refusedInARow >= GIVE_UP_AFTER) throw error;
    this.#failed.push({ digest, source, reason: error.message });
    this.#progress.add(1);
  }
}
