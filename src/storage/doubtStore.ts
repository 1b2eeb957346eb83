import { AppError } from "../core/errors";
import type { DoubtStore } from "../core/ports";
import type { PlaygroundDb } from "./db";

/** What was found doubtful about recordings, in IndexedDB; `IdbEmbeddingStore.prune` drops it. */
export class IdbDoubtStore implements DoubtStore {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  async put(doubts: ReadonlyMap<string, string>): Promise<void> {
    const transaction = this.#db.transaction("doubts", "readwrite");
    try {
      await Promise.all([
        ...[...doubts].map(([digest, reason]) => transaction.store.put(reason, digest)),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async all(): Promise<ReadonlyMap<string, string>> {
    const transaction = this.#db.transaction("doubts");
    const [digests, reasons] = await Promise.all([
      transaction.store.getAllKeys(),
      transaction.store.getAll(),
    ]);
    return new Map(digests.map((digest, i) => [digest, reasons[i] ?? ""]));
  }
}
