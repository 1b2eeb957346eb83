import { AppError } from "../../../core/errors";
import { decodeStart } from "../decodeText";
import { PEEK_BYTES, PEEKED_WHOLE_BYTES_MAX } from "../limits";
import type { SourceEntry } from "../sourceEntry";

/** The beginning and, where it does not reach that far, the end of a text file. */
export interface Peek {
  readonly head: string;
  readonly tail: string;
}

const NOTHING: Peek = { head: "", tail: "" };

// Every format looks at the same few files, and an entry's bytes never change.
const peeked = new WeakMap<SourceEntry, Peek>();

/**
 * What a file looks like, for recognition only. Packed files are unpacked for it up to
 * `PEEKED_WHOLE_BYTES_MAX`; of larger or damaged ones it knows nothing: recognition goes by the
 * name then, and reading the file says what is wrong with it.
 */
export async function peek(entry: SourceEntry, signal: AbortSignal): Promise<Peek> {
  const known = peeked.get(entry);
  if (known) return known;
  const look = await lookAt(entry, signal);
  peeked.set(entry, look);
  return look;
}

async function lookAt(entry: SourceEntry, signal: AbortSignal): Promise<Peek> {
  if (!entry.blob && entry.sizeBytes > PEEKED_WHOLE_BYTES_MAX) return NOTHING;
  try {
    const whole = entry.blob ?? new Blob([await entry.read(signal)]);
    const head = decodeStart(await bytesOf(whole.slice(0, PEEK_BYTES)));
    if (whole.size <= PEEK_BYTES) return { head, tail: "" };
    return { head, tail: decodeStart(await bytesOf(whole.slice(-PEEK_BYTES))) };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof AppError && thrown.code === "cancelled") throw thrown;
    return NOTHING;
  }
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.arrayBuffer());
}
