import type { Item } from "../../core/domain/dataset";
import type { MediaModality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import type { OriginalBytes } from "../../core/ports";
import { sha256 } from "../sha256";
import { checkImage } from "./checkImage";
import { checkSound } from "./checkSound";
import type { ImageProbe } from "./decodeImage";
import { unreadable, ZERO_BYTES, type Fault } from "./faults";
import { ENTRY_BYTES_MAX } from "./limits";
import { checkWindow, type WindowRules } from "./sensors/checkWindow";
import type { SourceEntry } from "./sourceEntry";

/** What a file says about itself, as far as it goes into an item. */
export type MediaFacts = Pick<Item, "width" | "height" | "durationMs" | "look">;

/** A picture or sound as it will be stored. */
export interface CheckedMedia {
  readonly digest: string;
  readonly blob: OriginalBytes;
  readonly thumbnail?: Blob;
  readonly facts: MediaFacts;
  /** Something odd about it; it is used all the same. */
  readonly doubt?: Fault;
}

/** Part of `CheckedMedia` that content alone decides. */
export interface Examined {
  /** MIME type by content; what the file's name says does not count. */
  readonly type: string;
  readonly facts: MediaFacts;
  readonly thumbnail?: Blob;
}

export interface CheckOptions {
  readonly media: MediaModality;
  /** Decodes pictures; null where their headers are to be believed. */
  readonly probe: ImageProbe | null;
  /** Of windows only: what each must be like. */
  readonly windows?: WindowRules;
  readonly signal: AbortSignal;
}

/**
 * Reads one file and finds out whether it is what it should be, cheapest and safest first. Bad files
 * are values; only a stop or a full disk throws.
 */
export async function checkMedia(
  entry: SourceEntry,
  { media, probe, windows, signal }: CheckOptions,
): Promise<CheckedMedia | { readonly fault: Fault }> {
  const bytes = await readBytes(entry, signal);
  if ("fault" in bytes) return bytes;
  if (bytes.length === 0) return { fault: ZERO_BYTES };
  if (windows) {
    const window = checkWindow(bytes, entry.path, windows);
    if ("fault" in window) return window;
    const { bytes: kept, type, ...rest } = window;
    return { digest: await sha256(kept), blob: { bytes: kept, type }, ...rest };
  }
  const examined = media === "image" ? await checkImage(bytes, probe) : checkSound(bytes);
  if ("fault" in examined) return examined;
  const { type, ...rest } = examined;
  return { digest: await sha256(bytes), blob: { bytes, type }, ...rest };
}

async function readBytes(
  entry: SourceEntry,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | { fault: Fault }> {
  if (entry.sizeBytes > ENTRY_BYTES_MAX) return { fault: unreadable("larger than 512 MB") };
  try {
    return await entry.read(signal);
  } catch (thrown) {
    signal.throwIfAborted();
    const message = thrown instanceof AppError ? thrown.detail : String(thrown);
    return { fault: unreadable(message) };
  }
}
