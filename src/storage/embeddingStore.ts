import type { IDBPObjectStore } from "idb";
import { AppError } from "../core/errors";
import { matrix, type Matrix } from "../core/math/matrix";
import type { EmbeddingSink, EmbeddingStore } from "../core/ports";
import type { PlaygroundDb, PlaygroundSchema, StoredVectors } from "./db";

/** Embedding chunks in IndexedDB; a chunk is one finished batch, written in one transaction. */
export class IdbEmbeddingStore implements EmbeddingStore, EmbeddingSink {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  async encodedDigests(encoderKey: string): Promise<ReadonlySet<string>> {
    const chunks = await this.#db.getAll("embeddingChunks", chunksOf("digests", encoderKey));
    return new Set((chunks as string[][]).flat()); // the key prefix "digests" holds string lists
  }

  async putChunk(
    encoderKey: string,
    digests: readonly string[],
    { data, rows, cols }: Matrix,
  ): Promise<void> {
    if (digests.length !== rows) {
      throw new AppError("data/shape", `${digests.length} digests for [${rows}, ${cols}]`);
    }
    if (!data.every(Number.isFinite)) throw new AppError("data/non-finite", "embedding chunk");
    // The first digest names the chunk: a digest is encoded once per encoder key.
    const chunk = digests[0]!;
    const transaction = this.#db.transaction("embeddingChunks", "readwrite");
    try {
      await Promise.all([
        transaction.store.put([...digests], ["digests", encoderKey, chunk]),
        // slice(): storing a view would store the whole buffer behind it.
        transaction.store.put({ data: data.slice(), rows, cols }, ["vectors", encoderKey, chunk]),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async load(encoderKey: string, digests: readonly string[]): Promise<Matrix> {
    const transaction = this.#db.transaction("embeddingChunks");
    const [keys, lists] = await Promise.all([
      transaction.store.getAllKeys(chunksOf("digests", encoderKey)),
      transaction.store.getAll(chunksOf("digests", encoderKey)),
    ]);
    const wanted = new Set(digests);
    const needed = keys.flatMap(([, , chunk], i) => {
      const list = lists[i] as string[]; // the key prefix "digests" holds these
      return list.some((digest) => wanted.has(digest)) ? [{ chunk, list }] : [];
    });
    const vectors = await this.#vectors(transaction.store, encoderKey, needed, keys.length);
    const place = new Map<string, { vectors: StoredVectors; row: number }>();
    needed.forEach(({ list }, i) =>
      list.forEach((digest, row) => place.set(digest, { vectors: vectors[i]!, row })),
    );
    const cols = vectors[0]?.cols ?? 0;
    const all = matrix(digests.length, cols);
    digests.forEach((digest, i) => {
      const found = place.get(digest);
      if (!found) throw new AppError("embeddings/missing", `item ${i} of ${digests.length}`);
      const start = found.row * cols;
      all.data.set(found.vectors.data.subarray(start, start + cols), i * cols);
    });
    return all;
  }

  /** The vectors of the chunks asked for; all of an encoder in one request where all are. */
  async #vectors(
    store: ChunkStore,
    encoderKey: string,
    needed: readonly { readonly chunk: string }[],
    chunks: number,
  ): Promise<StoredVectors[]> {
    const stored =
      needed.length === chunks
        ? await store.getAll(chunksOf("vectors", encoderKey))
        : await Promise.all(needed.map(({ chunk }) => store.get(["vectors", encoderKey, chunk])));
    return stored as StoredVectors[]; // the key prefix "vectors" holds these
  }

  async dropChunks(encoderKey: string, firstDigests: readonly string[]): Promise<void> {
    const transaction = this.#db.transaction("embeddingChunks", "readwrite");
    await Promise.all([
      ...firstDigests.flatMap((chunk) => [
        transaction.store.delete(["digests", encoderKey, chunk]),
        transaction.store.delete(["vectors", encoderKey, chunk]),
      ]),
      transaction.done,
    ]);
  }

  /** Drops every chunk none of whose items is in `usedDigests`, and doubts about others. */
  async prune(usedDigests: ReadonlySet<string>): Promise<void> {
    const transaction = this.#db.transaction(["embeddingChunks", "doubts"], "readwrite");
    const chunks = transaction.objectStore("embeddingChunks");
    const doubts = transaction.objectStore("doubts");
    const lists = IDBKeyRange.bound(["digests"], ["digests", []]);
    const [keys, stored, doubted] = await Promise.all([
      chunks.getAllKeys(lists),
      chunks.getAll(lists),
      doubts.getAllKeys(),
    ]);
    const digests = stored as string[][]; // see the key prefix
    const dropped = keys.filter((_, i) => !digests[i]!.some((digest) => usedDigests.has(digest)));
    await Promise.all([
      ...dropped.flatMap(([, encoderKey, chunk]) => [
        chunks.delete(["digests", encoderKey, chunk]),
        chunks.delete(["vectors", encoderKey, chunk]),
      ]),
      ...doubted
        .filter((digest) => !usedDigests.has(digest))
        .map((digest) => doubts.delete(digest)),
      transaction.done,
    ]);
  }
}

type ChunkStore = IDBPObjectStore<PlaygroundSchema, ["embeddingChunks"], "embeddingChunks">;

const chunksOf = (part: "digests" | "vectors", encoderKey: string) =>
  IDBKeyRange.bound([part, encoderKey, ""], [part, encoderKey, "\uffff"]);
