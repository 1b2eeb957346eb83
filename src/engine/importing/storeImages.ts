import type { DatasetStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { checkImage, type CheckedImage } from "./checkImage";
import type { ImageProbe } from "./decodeImage";
import { BATCH_BLOBS, BATCH_BYTES, IMAGES_IN_FLIGHT } from "./limits";
import type { Fault } from "./faults";
import type { SourceEntry } from "./sourceEntry";

/** What became of a file: a picture whose bytes are stored under `digest`, or a fault. */
export type StoredImage =
  | {
      readonly digest: string;
      /** Absent where only a vector of the picture exists. */
      readonly width?: number;
      readonly height?: number;
      readonly sizeBytes: number;
    }
  | { readonly fault: Fault };

interface StoreImagesOptions {
  readonly projectId: string;
  readonly store: DatasetStore;
  readonly probe: ImageProbe;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  readonly batchBytes?: number;
}

/**
 * Checks pictures a few at a time and stores the bytes of each different one, in batches of at most
 * `batchBytes` (or one picture) and `BATCH_BLOBS`. Memory holds one batch and those in flight.
 *
 * @returns one outcome per entry, in order.
 */
export async function storeImages(
  entries: readonly SourceEntry[],
  { projectId, store, probe, signal, report, batchBytes = BATCH_BYTES }: StoreImagesOptions,
): Promise<StoredImage[]> {
  const outcomes = new Array<StoredImage>(entries.length);
  const known = new Set<string>();
  const batch = new BlobBatch(projectId, store, batchBytes);
  let next = 0;
  let done = 0;
  const work = async () => {
    while (next < entries.length) {
      const place = next++;
      const image = await checkImage(entries[place]!, probe, signal);
      // After every wait: nothing may be stored once the user has stopped.
      signal.throwIfAborted();
      outcomes[place] = outcomeOf(image);
      if (!("fault" in image) && !known.has(image.digest)) {
        known.add(image.digest);
        await batch.add(image);
      }
      report({ stage: "import", done: ++done, total: entries.length, unit: "items" });
    }
  };
  const workers = Array.from({ length: IMAGES_IN_FLIGHT }, () =>
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

function outcomeOf(image: CheckedImage): StoredImage {
  if ("fault" in image) return image;
  const { digest, width, height, blob } = image;
  return { digest, width, height, sizeBytes: blob.size };
}

/** Blobs on their way to the store. */
class BlobBatch {
  readonly #projectId: string;
  readonly #store: DatasetStore;
  readonly #mostBytes: number;
  #blobs: { digest: string; blob: Blob }[] = [];
  #sizeBytes = 0;

  constructor(projectId: string, store: DatasetStore, mostBytes: number) {
    this.#projectId = projectId;
    this.#store = store;
    this.#mostBytes = mostBytes;
  }

  async add({ digest, blob }: { digest: string; blob: Blob }): Promise<void> {
    if (this.#sizeBytes + blob.size > this.#mostBytes || this.#blobs.length === BATCH_BLOBS) {
      const full = this.#take();
      this.#push(digest, blob);
      if (full.length > 0) await this.#store.putOriginals(this.#projectId, full);
    } else this.#push(digest, blob);
  }

  async flush(): Promise<void> {
    if (this.#blobs.length > 0) await this.#store.putOriginals(this.#projectId, this.#take());
  }

  #push(digest: string, blob: Blob): void {
    this.#blobs.push({ digest, blob });
    this.#sizeBytes += blob.size;
  }

  #take(): { digest: string; blob: Blob }[] {
    const taken = this.#blobs;
    this.#blobs = [];
    this.#sizeBytes = 0;
    return taken;
  }
}
