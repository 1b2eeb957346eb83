import type { MediaModality } from "../../core/domain/modality";
import type { DatasetStore, Original } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { checkMedia, type CheckedMedia, type MediaFacts } from "./checkMedia";
import type { ImageProbe } from "./decodeImage";
import { BATCH_BLOBS, BATCH_BYTES, FILES_IN_FLIGHT } from "./limits";
import type { Fault } from "./faults";
import type { WindowRules } from "./sensors/checkWindow";
import type { SourceEntry } from "./sourceEntry";

/** What became of a file: its bytes are stored under `digest`, or a fault. */
export type StoredMedia =
  | ({ readonly digest: string; readonly sizeBytes: number; readonly doubt?: Fault } & MediaFacts)
  | { readonly fault: Fault };

interface StoreMediaOptions {
  readonly projectId: string;
  readonly store: DatasetStore;
  /** What the files should be. */
  readonly media: MediaModality;
  /** Decodes pictures; null where their headers are to be believed. */
  readonly probe: ImageProbe | null;
  /** Of windows only: what each must be like. */
  readonly windows?: WindowRules;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  readonly batchBytes?: number;
}

/**
 * Checks pictures or sounds a few at a time and stores the bytes of each different one that is not
 * stored yet (by an import that crashed, or with the data this one replaces), in batches of at most
 * `batchBytes` (or one file) and `BATCH_BLOBS`. Memory holds one batch and those in flight.
 *
 * @returns one outcome per entry, in order.
 */
export async function storeMedia(
  entries: readonly SourceEntry[],
  options: StoreMediaOptions,
): Promise<StoredMedia[]> {
  const { projectId, store, signal, report, batchBytes = BATCH_BYTES } = options;
  const outcomes = new Array<StoredMedia>(entries.length);
  const known = new Set<string>();
  const stored = await store.storedOriginals(projectId);
  const isStored = ({ digest, thumbnail }: CheckedMedia) => {
    const held = stored.get(digest);
    return held !== undefined && (held.thumbnail || !thumbnail);
  };
  const batch = new BlobBatch(projectId, store, batchBytes);
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < entries.length) {
      const place = next++;
      const file = await checkMedia(entries[place]!, options);
      // After every wait: nothing may be stored once the user has stopped.
      signal.throwIfAborted();
      outcomes[place] = outcomeOf(file);
      if (!("fault" in file) && !known.has(file.digest)) {
        known.add(file.digest);
        if (!isStored(file)) await batch.add(file);
      }
      report({ stage: "import", done: ++done, total: entries.length, unit: "items" });
    }
  };
  const workers = Array.from({ length: FILES_IN_FLIGHT }, () =>
    work().catch((thrown: unknown) => {
      next = entries.length; // the others must not go on for nothing
      throw thrown;
    }),
  );
  // Wait for all even if one fails: no write may come after the caller has cleaned up.
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  await batch.flush();
  return outcomes;
}

function outcomeOf(file: CheckedMedia | { readonly fault: Fault }): StoredMedia {
  if ("fault" in file) return file;
  const { digest, blob, facts, doubt } = file;
  return { digest, sizeBytes: blob.bytes.length, ...(doubt && { doubt }), ...facts };
}

/** Originals on their way to the store. */
class BlobBatch {
  readonly #projectId: string;
  readonly #store: DatasetStore;
  readonly #mostBytes: number;
  #originals: Original[] = [];
  #sizeBytes = 0;

  constructor(projectId: string, store: DatasetStore, mostBytes: number) {
    this.#projectId = projectId;
    this.#store = store;
    this.#mostBytes = mostBytes;
  }

  async add({ digest, blob, thumbnail }: CheckedMedia): Promise<void> {
    const original = { digest, blob, ...(thumbnail && { thumbnail }) };
    const sizeBytes = blob.bytes.length + (thumbnail?.size ?? 0);
    const isFull =
      this.#sizeBytes + sizeBytes > this.#mostBytes || this.#originals.length === BATCH_BLOBS;
    const full = isFull ? this.#take() : [];
    this.#originals.push(original);
    this.#sizeBytes += sizeBytes;
    if (full.length > 0) await this.#store.putOriginals(this.#projectId, full);
  }

  async flush(): Promise<void> {
    const last = this.#take();
    if (last.length > 0) await this.#store.putOriginals(this.#projectId, last);
  }

  #take(): Original[] {
    const taken = this.#originals;
    this.#originals = [];
    this.#sizeBytes = 0;
    return taken;
  }
}
