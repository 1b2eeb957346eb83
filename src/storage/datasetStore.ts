import type { IDBPObjectStore, StoreNames } from "idb";
import type { Item, Pair } from "../core/domain/dataset";
import { MEDIA_MODALITIES, MODALITIES, type Modality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import { AppError } from "../core/errors";
import type {
  DatasetChange,
  DatasetContent,
  DatasetStore,
  Original,
  OriginalBytes,
} from "../core/ports";
import type { Place, PlaygroundDb, PlaygroundSchema } from "./db";

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
    const { pack, ...span } = await this.#place(projectId, digest);
    return this.#read(projectId, pack, span);
  }

  async thumbnail(projectId: string, digest: string): Promise<Blob> {
    const { pack, thumbnail, ...span } = await this.#place(projectId, digest);
    return this.#read(projectId, pack, thumbnail ?? span);
  }

  async storedOriginals(projectId: string): Promise<Map<string, { thumbnail: boolean }>> {
    const transaction = this.#db.transaction(["packs", "places"]);
    const [packs, digests, places] = await Promise.all([
      transaction.objectStore("packs").getAllKeys(digestsOf(projectId)),
      transaction.objectStore("places").getAllKeys(digestsOf(projectId)),
      transaction.objectStore("places").getAll(digestsOf(projectId)),
    ]);
    // Places whose pack has gone are the rest of a clean-up that was cut short.
    const held = new Set(packs.map(([, pack]) => pack));
    const stored = new Map<string, { thumbnail: boolean }>();
    digests.forEach(([, digest], i) => {
      const place = places[i];
      if (!place || !held.has(place.pack)) return;
      stored.set(digest, place.thumbnail ? WITH_THUMBNAIL : WITHOUT_THUMBNAIL);
    });
    return stored;
  }

  async putOriginals(projectId: string, originals: readonly Original[]): Promise<void> {
    if (originals.length === 0) return;
    const pack = crypto.randomUUID();
    const { blob, places } = packed(originals, pack);
    const transaction = this.#db.transaction(["packs", "places"], "readwrite");
    const digests = originals.map(({ digest }) => digest);
    try {
      const store = transaction.objectStore("places");
      await Promise.all([
        transaction.objectStore("packs").put({ blob, digests }, [projectId, pack]),
        ...places.map((place, i) => store.put(place, [projectId, digests[i]!])),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async replaceData(project: Project, content: DatasetContent): Promise<void> {
    const { id } = project;
    const transaction = this.#db.transaction(WRITTEN, "readwrite");
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
      const used = new Set(
        MEDIA_MODALITIES.flatMap((modality) => content[modality].map(({ digest }) => digest)),
      );
      await dropPlaces(transaction.objectStore("places"), id, used);
      await dropPacks(transaction.objectStore("packs"), id, used);
      writes.push(transaction.objectStore("projects").put(project, id), transaction.done);
      await Promise.all(writes);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async applyEdit(project: Project, { pairs, captions }: DatasetChange): Promise<void> {
    const { id } = project;
    const transaction = this.#db.transaction(["projects", "items", "pairs"], "readwrite");
    try {
      const pairStore = transaction.objectStore("pairs");
      for (const [block, changed] of byBlock(pairs)) {
        const rows = (await pairStore.get([id, block])) ?? [];
        for (const [index, pair] of changed) rows[index - block * BLOCK_ROWS] = pair;
        await pairStore.put(rows, [id, block]);
      }
      if (captions.length > 0) await appendCaptions(transaction.objectStore("items"), id, captions);
      await transaction.objectStore("projects").put(project, id);
      await transaction.done;
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async dropOrphans(projectId: string): Promise<void> {
    try {
      const transaction = this.#db.transaction(["items", "packs"], "readwrite");
      const used = await usedDigests(transaction.objectStore("items"), projectId);
      await dropPacks(transaction.objectStore("packs"), projectId, used);
      await transaction.done;
    } catch (thrown) {
      throw AppError.from(thrown);
    }
    // The bytes are gone. Their places, a record per file, take a second or more, for which nobody
    // need wait: a place without its pack counts for nothing, and the next commit drops what is left.
    this.#dropPlaces(projectId).catch(() => {});
  }

  async #dropPlaces(projectId: string): Promise<void> {
    const transaction = this.#db.transaction(["items", "places"], "readwrite");
    const used = await usedDigests(transaction.objectStore("items"), projectId);
    await dropPlaces(transaction.objectStore("places"), projectId, used);
    await transaction.done;
  }

  async #place(projectId: string, digest: string): Promise<Place> {
    const place = await this.#db.get("places", [projectId, digest]);
    if (!place) throw new AppError("storage/missing", `original ${digest.slice(0, 12)}`);
    return place;
  }

  async #read(
    projectId: string,
    pack: string,
    { offset, sizeBytes, type }: Omit<Place, "pack">,
  ): Promise<Blob> {
    const stored = await this.#db.get("packs", [projectId, pack]);
    if (!stored) throw new AppError("storage/missing", `pack ${pack}`);
    return stored.blob.slice(offset, offset + sizeBytes, type);
  }
}

const WITH_THUMBNAIL = { thumbnail: true };
const WITHOUT_THUMBNAIL = { thumbnail: false };

const WRITTEN = ["projects", "items", "pairs", "packs", "places"] as const;

/** Originals and thumbnails of one call as one blob, and where each lies in it. */
function packed(originals: readonly Original[], pack: string) {
  const parts: BlobPart[] = [];
  let offset = 0;
  const append = (blob: Blob | OriginalBytes) => {
    // Blobs of newer browsers have a method of the name `bytes`, so its presence says nothing.
    const isBlob = blob instanceof Blob;
    const sizeBytes = isBlob ? blob.size : blob.bytes.length;
    parts.push(isBlob ? blob : blob.bytes);
    const span = { offset, sizeBytes, type: blob.type };
    offset += sizeBytes;
    return span;
  };
  const places = originals.map(({ blob, thumbnail }): Place => ({
    pack,
    ...append(blob),
    ...(thumbnail && { thumbnail: append(thumbnail) }),
  }));
  return { blob: new Blob(parts), places };
}

type Stores = ArrayLike<StoreNames<PlaygroundSchema>>;
type Items<In extends Stores> = IDBPObjectStore<PlaygroundSchema, In, "items", "readwrite">;
type Packs<In extends Stores> = IDBPObjectStore<PlaygroundSchema, In, "packs", "readwrite">;
type Places<In extends Stores> = IDBPObjectStore<PlaygroundSchema, In, "places", "readwrite">;

/** Digests of the originals that items name. */
async function usedDigests<In extends Stores>(
  items: Items<In>,
  projectId: string,
): Promise<Set<string>> {
  const used = new Set<string>();
  for (const modality of MEDIA_MODALITIES) {
    const stored = await items.getAll(itemsOf(projectId, modality));
    for (const { digest } of stored.flat()) used.add(digest);
  }
  return used;
}

/** Drops packs that hold nothing used. */
async function dropPacks<In extends Stores>(
  packs: Packs<In>,
  projectId: string,
  used: ReadonlySet<string>,
): Promise<void> {
  // A first import that was stopped: one request instead of one per pack.
  if (used.size === 0) return packs.delete(digestsOf(projectId));
  let cursor = await packs.openCursor(digestsOf(projectId));
  while (cursor) {
    if (!cursor.value.digests.some((digest) => used.has(digest))) await cursor.delete();
    cursor = await cursor.continue();
  }
}

/** Drops places of digests that are not used. */
async function dropPlaces<In extends Stores>(
  places: Places<In>,
  projectId: string,
  used: ReadonlySet<string>,
): Promise<void> {
  if (used.size === 0) return places.delete(digestsOf(projectId));
  const keys = await places.getAllKeys(digestsOf(projectId));
  // Asked for together: waiting for each takes a turn of the browser's process.
  await Promise.all(
    keys.filter(([, digest]) => !used.has(digest)).map((key) => places.delete(key)),
  );
}

/** Captions after the last one, the last block filled up first. */
async function appendCaptions(
  items: IDBPObjectStore<PlaygroundSchema, ["projects", "items", "pairs"], "items", "readwrite">,
  projectId: string,
  captions: readonly Item[],
): Promise<void> {
  const keys = await items.getAllKeys(itemsOf(projectId, "text"));
  const last = keys.at(-1)?.[2] ?? 0;
  const rows = [...((await items.get([projectId, "text", last])) ?? []), ...captions];
  for (const [i, block] of blocks(rows).entries()) {
    await items.put(block, [projectId, "text", last + i]);
  }
}

function byBlock(pairs: ReadonlyMap<number, Pair>): Map<number, [number, Pair][]> {
  const grouped = new Map<number, [number, Pair][]>();
  for (const entry of pairs) {
    const block = Math.floor(entry[0] / BLOCK_ROWS);
    grouped.set(block, [...(grouped.get(block) ?? []), entry]);
  }
  return grouped;
}

function blocks<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / BLOCK_ROWS) }, (_, i) =>
    rows.slice(i * BLOCK_ROWS, (i + 1) * BLOCK_ROWS),
  );
}

const itemsOf = (id: string, modality: Modality) =>
  IDBKeyRange.bound([id, modality, 0], [id, modality, Infinity]);
const pairsOf = (id: string) => IDBKeyRange.bound([id, 0], [id, Infinity]);
const digestsOf = (id: string) => IDBKeyRange.bound([id, ""], [id, "\uffff"]);
