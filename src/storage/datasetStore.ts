import type { Item, Pair } from "../core/domain/dataset";
import { MODALITIES, type Modality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import { AppError } from "../core/errors";
import type { DatasetContent, DatasetStore } from "../core/ports";
import type { PlaygroundDb } from "./db";

/** Rows per record: 512 items are about 100 kB, read in well under a frame. */
export const BLOCK_ROWS = 512;

/** Items, pairs and originals of every project, in IndexedDB. */
export class IdbDatasetStore implements DatasetStore {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  async items(projectId: string, modality: Modality): Promise<Item[]> {
    return (await this.#db.getAll("items", itemsOf(projectId, modality))).flat();
  }

  async itemRange(
    projectId: string,
    modality: Modality,
    start: number,
    end: number,
  ): Promise<Item[]> {
    const first = Math.floor(start / BLOCK_ROWS);
    const last = Math.floor(Math.max(start, end - 1) / BLOCK_ROWS);
    const range = IDBKeyRange.bound([projectId, modality, first], [projectId, modality, last]);
    const rows = (await this.#db.getAll("items", range)).flat();
    return rows.slice(start - first * BLOCK_ROWS, end - first * BLOCK_ROWS);
  }

  async pairs(projectId: string): Promise<Pair[]> {
    return (await this.#db.getAll("pairs", pairsOf(projectId))).flat();
  }

  async pairRange(projectId: string, start: number, end: number): Promise<Pair[]> {
    const first = Math.floor(start / BLOCK_ROWS);
    const last = Math.floor(Math.max(start, end - 1) / BLOCK_ROWS);
    const range = IDBKeyRange.bound([projectId, first], [projectId, last]);
    const rows = (await this.#db.getAll("pairs", range)).flat();
    return rows.slice(start - first * BLOCK_ROWS, end - first * BLOCK_ROWS);
  }

  async blob(projectId: string, digest: string): Promise<Blob> {
    const blob = await this.#db.get("blobs", [projectId, digest]);
    if (!blob) throw new AppError("storage/missing", `original ${digest.slice(0, 12)}`);
    return blob;
  }

  async putBlobs(
    projectId: string,
    blobs: readonly { digest: string; blob: Blob }[],
  ): Promise<void> {
    const transaction = this.#db.transaction("blobs", "readwrite");
    try {
      await Promise.all([
        ...blobs.map(({ digest, blob }) => transaction.store.put(blob, [projectId, digest])),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async replaceData(project: Project, content: DatasetContent): Promise<void> {
    const { id } = project;
    const transaction = this.#db.transaction(["projects", "items", "pairs", "blobs"], "readwrite");
    try {
      const writes: Promise<unknown>[] = [
        transaction.objectStore("pairs").delete(pairsOf(id)),
        ...MODALITIES.map((modality) =>
          transaction.objectStore("items").delete(itemsOf(id, modality)),
        ),
      ];
      for (const modality of MODALITIES) {
        blocks(content[modality]).forEach((block, i) =>
          writes.push(transaction.objectStore("items").put(block, [id, modality, i])),
        );
      }
      blocks(content.pairs).forEach((block, i) =>
        writes.push(transaction.objectStore("pairs").put(block, [id, i])),
      );
      const used = new Set(content.image.map((item) => item.digest));
      for (const key of await transaction.objectStore("blobs").getAllKeys(blobsOf(id))) {
        if (!used.has(key[1])) writes.push(transaction.objectStore("blobs").delete(key));
      }
      writes.push(transaction.objectStore("projects").put(project, id), transaction.done);
      await Promise.all(writes);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async dropOrphans(projectId: string): Promise<void> {
    const transaction = this.#db.transaction(["items", "blobs"], "readwrite");
    try {
      const images = await transaction.objectStore("items").getAll(itemsOf(projectId, "image"));
      const used = new Set(images.flat().map(({ digest }) => digest));
      const blobs = transaction.objectStore("blobs");
      const keys = await blobs.getAllKeys(blobsOf(projectId));
      const orphans = keys.filter(([, digest]) => !used.has(digest));
      await Promise.all([...orphans.map((key) => blobs.delete(key)), transaction.done]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }
}

function blocks<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / BLOCK_ROWS) }, (_, i) =>
    rows.slice(i * BLOCK_ROWS, (i + 1) * BLOCK_ROWS),
  );
}

const itemsOf = (id: string, modality: Modality) =>
  IDBKeyRange.bound([id, modality, 0], [id, modality, Infinity]);
const pairsOf = (id: string) => IDBKeyRange.bound([id, 0], [id, Infinity]);
const blobsOf = (id: string) => IDBKeyRange.bound([id, ""], [id, "\uffff"]);
