import type { Item } from "../../core/domain/dataset";
import type { EncodedItems, EncodeProgress } from "../../core/domain/encodeRequest";
import type { ItemNote } from "../../core/domain/namedItems";
import type { Device, EncoderSpec } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import type { EmbeddingStore, Encoder } from "../../core/ports";
import { tryBatch } from "./batchAttempt";
import { BatchStore } from "./batchStore";
import { ItemProgress } from "./itemProgress";

/** Items, where their embeddings go, and how the work is stopped and followed. */
export interface EncodeItemsOptions<Input> {
  /** Every item of one modality. */
  readonly items: readonly Item[];
  readonly encoderKey: string;
  readonly encoder: Encoder<Input>;
  readonly embeddings: EmbeddingStore;
  /** What the encoder takes for an item: its caption, or the bytes of its picture. */
  readonly load: (item: Item) => Promise<Input>;
  /** Digests to leave out, because they ended the worker before. */
  readonly skip: readonly string[];
  /** Groups of digests to try first, each by itself: one of them ended the worker. */
  readonly suspects?: readonly (readonly string[])[];
  readonly batchSize: number;
  readonly signal: AbortSignal;
  readonly report: (progress: EncodeProgress) => void;
  /** Milliseconds. */
  readonly clock: () => number;
}

/** Why an item the caller skips is among the failed ones. */
const ENDED_WORKER = "encoding it ended the background worker each time, so it was left out";

/**
 * Encodes and stores every item that has no embedding under `encoderKey`, batch by batch in a fixed
 * order, so that running again after a stop goes on with the same batches and ends with the same
 * bytes. While one batch is in the session the next one is already being decoded. An item that
 * cannot be encoded is reported and the rest goes on; which items are at work is reported before
 * they are touched.
 *
 * @throws AppError `cancelled` when stopped with items left, finished batches being stored;
 *   `webgpu/lost`, `storage/quota`; `encoder/failed` when it is plainly not the items' fault.
 */
export async function encodeItems<Input>(
  options: EncodeItemsOptions<Input>,
): Promise<EncodedItems> {
  const { items, encoder, load, signal, clock } = options;
  const encoded = await options.embeddings.encodedDigests(options.encoderKey);
  const pending = missing(options, encoded);
  const start = {
    stage: "encode",
    done: items.length - pending.length,
    total: items.length,
  } as const;
  const progress = new ItemProgress(start, options.report, clock);
  const store = new BatchStore(options, progress);
  const batches = batchesOf(pending, options);
  const atWork: Batch[] = [];
  let at = 0;
  const startNext = () => {
    const batch = batches[at];
    // A suspect group is tried alone: were another batch at work, either could be the culprit.
    const mustWait = atWork.length > 0 && (batch?.isAlone || atWork[0]?.isAlone);
    if (!batch || signal.aborted || mustWait) return undefined;
    at++;
    atWork.push(batch);
    progress.atWork(atWork.flatMap((each) => each.items.map(({ digest }) => digest)));
    return tryBatch(encoder, load, batch.items);
  };
  let next = startNext();
  try {
    while (next) {
      const current = next;
      next = startNext();
      await store.keep(await current);
      atWork.shift();
      next ??= startNext();
    }
  } finally {
    await next; // no batch may still run when the caller has its answer
  }
  if (at < batches.length || store.isStopped) throw new AppError("cancelled");
  return {
    encoded: store.encoded,
    failed: [...skipped(options, encoded), ...store.failed],
  };
}

interface Batch {
  readonly items: readonly Item[];
  /** Nothing else may be at work meanwhile. */
  readonly isAlone: boolean;
}

function batchesOf<Input>(
  pending: readonly Item[],
  { suspects = [], batchSize }: EncodeItemsOptions<Input>,
): readonly Batch[] {
  const batches: Batch[] = [];
  const suspected = new Set(suspects.flat());
  for (const group of suspects) {
    const items = pending.filter(({ digest }) => group.includes(digest));
    if (items.length > 0) batches.push({ items, isAlone: true });
  }
  const rest = pending.filter(({ digest }) => !suspected.has(digest));
  for (let at = 0; at < rest.length; at += batchSize) {
    batches.push({ items: rest.slice(at, at + batchSize), isAlone: false });
  }
  return batches;
}

/** Items without an embedding, each digest once, short ones first: a batch pads to its longest. */
function missing<Input>(
  { items, skip }: EncodeItemsOptions<Input>,
  encoded: ReadonlySet<string>,
): readonly Item[] {
  const seen = new Set([...encoded, ...skip]);
  const left = items.filter(({ digest }) => !seen.has(digest) && seen.add(digest));
  const size = ({ text, durationMs }: Item) => text?.length ?? durationMs ?? 0;
  return left.sort((a, b) => size(a) - size(b));
}

/** What was left out at the caller's wish is said, not dropped. */
function skipped<Input>(
  { items, skip }: EncodeItemsOptions<Input>,
  encoded: ReadonlySet<string>,
): readonly ItemNote[] {
  const left = new Set(skip.filter((digest) => !encoded.has(digest)));
  return items
    .filter(({ digest }) => left.delete(digest))
    .map(({ digest, source }) => ({ digest, source, reason: ENDED_WORKER }));
}

/** Nor may a batch of a slow network be taken for a hang: the watchdog waits 30 s at first. */
const LONGEST_GUESS_MS = 4_000;

/**
 * Items per batch where none was measured: enough to keep the device busy, few enough that Stop and
 * queries wait for less than a second on one wasm thread (16 pictures × 45 ms, 32 captions × 12 ms);
 * of a network that is known to be slow, as many as it is guessed to do in 4 s, and at least one.
 */
export function usualBatchSize(
  { modality, wasmMsPerItem }: Pick<EncoderSpec, "modality" | "wasmMsPerItem">,
  device: Device,
): number {
  const usual = { image: 16, text: 32, audio: 16, sensor: 32 }[modality];
  const bearable = Math.max(1, Math.floor(LONGEST_GUESS_MS / wasmMsPerItem));
  return Math.min(usual, bearable) * (device === "webgpu" ? 2 : 1);
}
