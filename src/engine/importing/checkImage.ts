import { isSvg, readImageHeader } from "../../core/formats/imageHeader";
import { AppError } from "../../core/errors";
import type { ImageProbe } from "./decodeImage";
import {
  BROKEN_HEADER,
  NOT_A_PICTURE,
  SVG_REFUSED,
  TOO_SLOW,
  tooLarge,
  undecodable,
  unreadable,
  ZERO_BYTES,
  type Fault,
} from "./faults";
import { DECODE_TIMEOUT_MS, ENTRY_BYTES_MAX, PIXELS_MAX } from "./limits";
import { sha256 } from "../sha256";
import type { SourceEntry } from "./sourceEntry";

/** A picture that decodes, or why the file is none. */
export type CheckedImage =
  | {
      readonly digest: string;
      readonly blob: Blob;
      readonly width: number;
      readonly height: number;
    }
  | { readonly fault: Fault };

/**
 * Reads one file and proves that it is a picture: magic bytes, then size by header, then a decode
 * with a time-out, cheapest and safest first. Bad files are values; only a stop or a full disk throws.
 */
export async function checkImage(
  entry: SourceEntry,
  probe: ImageProbe,
  signal: AbortSignal,
  timeoutMs = DECODE_TIMEOUT_MS,
): Promise<CheckedImage> {
  const bytes = await readBytes(entry, signal);
  if ("fault" in bytes) return bytes;
  if (bytes.length === 0) return { fault: ZERO_BYTES };
  const header = readImageHeader(bytes);
  if (!header) return { fault: isSvg(bytes) ? SVG_REFUSED : NOT_A_PICTURE };
  // AVIF may hide its size in a box we do not read; the decoder has its own limits there.
  if (!header.size && header.type !== "image/avif") return { fault: BROKEN_HEADER };
  if (header.size && header.size.width * header.size.height > PIXELS_MAX) {
    return { fault: tooLarge(header.size.width, header.size.height) };
  }
  const blob = new Blob([bytes], { type: header.type });
  const size = await decode(blob, probe, timeoutMs);
  if ("fault" in size) return size;
  return { digest: await sha256(bytes), blob, ...size };
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

async function decode(
  blob: Blob,
  probe: ImageProbe,
  timeoutMs: number,
): Promise<{ width: number; height: number } | { fault: Fault }> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<{ fault: Fault }>((resolve) => {
    timer = setTimeout(() => resolve({ fault: TOO_SLOW }), timeoutMs);
  });
  const decoded = probe(blob).catch((thrown: unknown) => ({
    fault: undecodable(thrown instanceof Error ? thrown.message : ""),
  }));
  try {
    return await Promise.race([decoded, late]);
  } finally {
    clearTimeout(timer);
  }
}
