import {
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from "idb";
import type { Item, Pair } from "../core/domain/dataset";
import type { EmbeddingChoice, EncoderSpec } from "../core/domain/encoder";
import type { Hub, HubMember } from "../core/domain/hub";
import type { Modality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import type { ProjectorPair } from "../core/domain/projector";
import type { Run } from "../core/domain/run";
import type { UnfinishedJoining } from "../core/domain/unfinishedJoining";
import { AppError } from "../core/errors";
import type { Checkpoint, KeptTraining } from "../core/ports";
import { describeRuns } from "./describeRuns";

/** Everything the playground keeps, one store per kind (docs/how-it-works.md has the picture). */
export interface PlaygroundSchema extends DBSchema {
  projects: { key: string; value: Project };
  /** Items in blocks of `BLOCK_ROWS`, so that 100,000 of them are a few hundred records. */
  items: { key: [projectId: string, modality: Modality, block: number]; value: Item[] };
  /** Originals, many to a record: one file each would make the browser write 100,000 files. */
  packs: { key: [projectId: string, pack: string]; value: Pack };
  /** Where in which pack an original lies. */
  places: { key: [projectId: string, digest: string]; value: Place };
  pairs: { key: [projectId: string, block: number]; value: Pair[] };
  /**
   * Two records per chunk under one key prefix each: `digests` lists whose vectors a chunk holds and
   * is read alone to find out what is missing; `vectors` holds [rows, cols].
   */
  embeddingChunks: {
    key: [part: "digests" | "vectors", encoderKey: string, chunk: string];
    value: string[] | StoredVectors;
  };
  runs: { key: string; value: Run; indexes: { byProject: string } };
  /**
   * Two slots for the training in hand, of a run or of a joining (`joiningId`); `kept` is the best
   * of the run's trainings before it.
   */
  checkpoints: {
    key: [runId: string, slot: 0 | 1 | "kept"];
    value: Checkpoint | KeptTraining;
  };
  projectors: { key: string; value: ProjectorPair };
  encoders: { key: string; value: EncoderSpec };
  settings: { key: string; value: unknown };
  hubs: { key: string; value: Hub; indexes: { byProject: string } };
  hubMembers: { key: [hubId: string, memberId: string]; value: HubMember };
  /** Why a recording is in doubt, by its digest: that it is silent, or cut off. */
  doubts: { key: string; value: string };
  joinings: { key: [hubId: string, projectId: string]; value: UnfinishedJoining };
}

/** Originals and thumbnails one after the other. */
export interface Pack {
  readonly blob: Blob;
  readonly digests: readonly string[];
}

interface Span {
  readonly offset: number;
  readonly sizeBytes: number;
  /** MIME type. */
  readonly type: string;
}

export interface Place extends Span {
  readonly pack: string;
  readonly thumbnail?: Span;
}

export interface StoredVectors {
  readonly data: Float32Array<ArrayBuffer>;
  readonly rows: number;
  readonly cols: number;
}

export type PlaygroundDb = IDBPDatabase<PlaygroundSchema>;
type Upgrade = IDBPTransaction<PlaygroundSchema, StoreNames<PlaygroundSchema>[], "versionchange">;

/** One entry per schema version, applied in order. Never edit an entry that has shipped. */
const MIGRATIONS: ((db: PlaygroundDb, transaction: Upgrade) => void | Promise<void>)[] = [
  (db) => {
    db.createObjectStore("projects");
    db.createObjectStore("items");
    db.createObjectStore("blobs" as "packs"); // gone since version 3
    db.createObjectStore("pairs");
    db.createObjectStore("embeddingChunks");
    db.createObjectStore("settings");
  },
  (db) => {
    db.createObjectStore("runs").createIndex("byProject", "projectId");
    db.createObjectStore("checkpoints");
    db.createObjectStore("projectors");
  },
  async (db, transaction) => {
    db.createObjectStore("packs");
    db.createObjectStore("places");
    db.createObjectStore("encoders");
    await packBlobs(transaction);
    db.deleteObjectStore("blobs" as "packs");
    await describeProjects(transaction);
  },
  (_, transaction) => describeRuns(transaction),
  async (db, transaction) => {
    db.createObjectStore("hubs").createIndex("byProject", "projectId");
    db.createObjectStore("hubMembers");
    await countSensors(transaction);
  },
  (db) => {
    db.createObjectStore("joinings");
    db.createObjectStore("doubts");
  },
];

/** Version 2 kept one record per original. */
async function packBlobs(transaction: Upgrade): Promise<void> {
  const packs = transaction.objectStore("packs");
  const places = transaction.objectStore("places");
  let cursor = await transaction.objectStore("blobs" as "packs").openCursor();
  while (cursor) {
    const key = cursor.key;
    const blob = cursor.value as unknown as Blob; // what version 2 stored
    await packs.put({ blob, digests: [key[1]] }, key);
    await places.put({ pack: key[1], offset: 0, sizeBytes: blob.size, type: blob.type }, key);
    cursor = await cursor.continue();
  }
}

/** Version 2 knew one format, pictures only, and named encoders by id alone. */
async function describeProjects(transaction: Upgrade): Promise<void> {
  const choiceOf = (id: unknown): EmbeddingChoice =>
    typeof id === "string" ? { id, pooling: "mean", layer: null } : (id as EmbeddingChoice);
  let cursor = await transaction.objectStore("projects").openCursor();
  while (cursor) {
    const { encoders, data, ...rest } = cursor.value;
    const items = { ...data?.report.items, audio: 0 } as Record<Modality, number>;
    await cursor.update({
      ...rest,
      encoders: { image: choiceOf(encoders?.image), text: choiceOf(encoders?.text) },
      data: data && {
        ...data,
        format: "imagefolder",
        media: "image",
        edits: [],
        report: { ...data.report, items },
      },
    });
    cursor = await cursor.continue();
  }
}

/** Version 4 knew no sensors. */
async function countSensors(transaction: Upgrade): Promise<void> {
  let cursor = await transaction.objectStore("projects").openCursor();
  while (cursor) {
    const { data, ...rest } = cursor.value;
    if (data) {
      const items = { ...data.report.items, sensor: 0 };
      await cursor.update({ ...rest, data: { ...data, report: { ...data.report, items } } });
    }
    cursor = await cursor.continue();
  }
}

export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Opens the database, migrating it if an older version of the page made it.
 *
 * @param onOutdated called when a newer version of the page, in another tab, needs this connection
 *   closed; it has been closed by then.
 * @throws AppError `storage/unavailable` or `storage/outdated`.
 */
export async function openPlaygroundDb(
  name = "playground",
  onOutdated: () => void = () => {},
): Promise<PlaygroundDb> {
  try {
    return await openDB<PlaygroundSchema>(name, SCHEMA_VERSION, {
      // Awaited one by one; each awaits nothing but this transaction, or it would commit itself.
      async upgrade(db, from, _to, transaction) {
        for (const migrate of MIGRATIONS.slice(from)) await migrate(db, transaction);
      },
      // Another tab has newer code: let go, or its upgrade waits for ever.
      blocking: (_from, _to, event) => {
        (event.target as IDBDatabase).close(); // typed as EventTarget by the DOM library
        onOutdated();
      },
    });
  } catch (cause) {
    const outdated = (cause as Partial<Error> | null)?.name === "VersionError";
    throw new AppError(outdated ? "storage/outdated" : "storage/unavailable", String(cause), {
      cause,
    });
  }
}
