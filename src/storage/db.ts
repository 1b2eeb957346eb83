import {
  openDB,
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type StoreNames,
} from "idb";
import type { Item, Pair } from "../core/domain/dataset";
import type { Modality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import type { ProjectorPair } from "../core/domain/projector";
import type { Run } from "../core/domain/run";
import { AppError } from "../core/errors";
import type { Checkpoint } from "../core/ports";

/** Everything the playground keeps, one store per kind (docs/how-it-works.md has the picture). */
export interface PlaygroundSchema extends DBSchema {
  projects: { key: string; value: Project };
  /** Items in blocks of `BLOCK_ROWS`, so that 100,000 of them are a few hundred records. */
  items: { key: [projectId: string, modality: Modality, block: number]; value: Item[] };
  blobs: { key: [projectId: string, digest: string]; value: Blob };
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
  checkpoints: { key: [runId: string, slot: 0 | 1]; value: Checkpoint };
  projectors: { key: string; value: ProjectorPair };
  settings: { key: string; value: unknown };
}

export interface StoredVectors {
  readonly data: Float32Array<ArrayBuffer>;
  readonly rows: number;
  readonly cols: number;
}

export type PlaygroundDb = IDBPDatabase<PlaygroundSchema>;
type Upgrade = IDBPTransaction<PlaygroundSchema, StoreNames<PlaygroundSchema>[], "versionchange">;

/** One entry per schema version, applied in order. Never edit an entry that has shipped. */
const MIGRATIONS: ((db: PlaygroundDb, transaction: Upgrade) => void)[] = [
  (db) => {
    db.createObjectStore("projects");
    db.createObjectStore("items");
    db.createObjectStore("blobs");
    db.createObjectStore("pairs");
    db.createObjectStore("embeddingChunks");
    db.createObjectStore("settings");
  },
  (db) => {
    db.createObjectStore("runs").createIndex("byProject", "projectId");
    db.createObjectStore("checkpoints");
    db.createObjectStore("projectors");
  },
];

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
      upgrade: (db, from, _to, transaction) =>
        MIGRATIONS.slice(from).forEach((migrate) => migrate(db, transaction)),
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
