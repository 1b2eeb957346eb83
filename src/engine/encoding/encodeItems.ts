import type { Item } from "../../core/domain/dataset";
import type { Device } from "../../core/domain/encoder";
import type { AlignedModality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import type { EmbeddingStore, Encoder } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { tryBatch, type FailedItem } from "./batchAttempt";
import { BatchStore } from "./batchStore";
import { ItemProgress } from "./itemProgress";

export interface EncodeItemsOptions<Input> {
  /** Every item of one modality. */
  readonly items: readonly Item[];
  readonly encoderKey: string;
  readonly encoder: Encoder<Input>;
  readonly embeddings: EmbeddingStore;
  /** What the encoder takes for an item: its caption, or the bytes of its picture. */
  readonly load: (item: Item) => Promise<Input>;
  /** Digests to leave out. */
  readonly skip: readonly string[];
  readonly batchSize: number;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  /** Milliseconds. */
  readonly clock: () => number;
}

export interface EncodedItems {
  /** Encoded in this call; the rest was already there. */
  readonly encoded: number;
  readonly failed: readonly FailedItem[];
}

/**
 * Encodes and stores every item that has no embedding under `encoderKey`, batch by batch in a fixed
 * order, so that running again after a stop goes on with the same batches and ends with the same
 * bytes. While one batch is in the session the next one is already being decoded. An item that
 * cannot be encoded is reported and the rest goes on.
 *
 * @throws AppError `cancelled` when stopped with items left, finished batches being stored;
 *   `webgpu/lost`, `storage/quota`; `encoder/failed` when it is plainly not the items' fault.
 */
export async function encodeItems<Input>(
  options: EncodeItemsOptions<Input>,
): Promise<EncodedItems> {
  const { items, encoder, load, signal, batchSize, clock } = options;
  const pending = missing(options, await options.embeddings.encodedDigests(options.encoderKey));
  const start = {
    stage: "encode",
    done: items.length - pending.length,
    total: items.length,
  } as const;
  const progress = new ItemProgress(start, options.report, clock);
  const store = new BatchStore(options, progress);
  let at = 0;
  const startNext = () => {
    if (signal.aborted || at >= pending.length) return undefined;
    const batch = pending.slice(at, (at += batchSize));
    return tryBatch(encoder, load, batch);
  };
  let next = startNext();
  try {
    while (next) {
      const current = next;
      next = startNext();
      await store.keep(await current);
    }
  } finally {
    await next; // no batch may still run when the caller has its answer
  }
  if (at < pending.length || store.isStopped) throw new AppError("cancelled");
  return { encoded: store.encoded, failed: store.failed };
}

/** Items without an embedding, each digest once, short captions first: a batch pads to its longest. */
function missing<Input>(
  { items, skip }: EncodeItemsOptions<Input>,
  encoded: ReadonlySet<string>,
): readonly Item[] {
  const seen = new Set([...encoded, ...skip]);
  const left = items.filter(({ digest }) => !seen.has(digest) && seen.add(digest));
  return left.sort((a, b) => (a.text?.length ?? 0) - (b.text?.length ?? 0));
}

/**
 * Items per batch: enough to keep the device busy, few enough that Stop and queries wait for less
 * than a second on one wasm thread (16 pictures × 45 ms, 32 captions × 12 ms).
 */
export function batchSizeOf(modality: AlignedModality, device: Device, maxBatch: number): number {
  const usual = { image: 16, text: 32 }[modality] * (device === "webgpu" ? 2 : 1);
  return Math.max(1, Math.min(usual, maxBatch));
}
