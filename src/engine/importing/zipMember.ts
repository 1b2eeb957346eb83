import type { FileEntry } from "@zip.js/zip.js";
import { crc32 } from "../../core/formats/crc32";
import { AppError } from "../../core/errors";
import { ENTRY_BYTES_MAX, INFLATION_FLOOR_BYTES, INFLATION_MAX } from "./limits";
import type { WindowReader } from "./windowReader";

const LOCAL_HEADER_BYTES = 30; // APPNOTE.TXT §4.3.7, without name and extra field
const EXTRA_FIELD_BYTES = 64; // usual writers need 0 to 36 (time stamps, zip64)
const LOCAL_SIGNATURE = 0x04034b50;

/** What the central directory says about a member. */
export type MemberRecord = Pick<
  FileEntry,
  | "filename"
  | "offset"
  | "encrypted"
  | "compressionMethod"
  | "compressedSize"
  | "uncompressedSize"
  | "signature"
> & {
  /** Length of the name as the archive encodes it. */
  readonly nameBytes: number;
};

/**
 * Bytes of one member, read at their place in the archive and checked against size and CRC-32.
 * Done here rather than by zip.js, whose streams cost 3 ms of CPU per member where this costs 0.1.
 *
 * @throws AppError `import/archive`: damaged, encrypted, oversized, or a bomb.
 */
export async function readMember(
  archive: Blob,
  record: MemberRecord,
  { signal, windows }: { readonly signal: AbortSignal; readonly windows: WindowReader },
): Promise<Uint8Array<ArrayBuffer>> {
  const cause = refusal(record);
  if (cause) throw damaged(record, cause);
  const packed = await packedBytes(archive, record, windows);
  const bytes = record.compressionMethod === 0 ? packed : await inflate(packed, record, signal);
  if (bytes.length !== record.uncompressedSize) throw damaged(record, "not of its declared size");
  if (crc32(bytes) !== (record.signature ?? 0) >>> 0)
    throw damaged(record, "its checksum is wrong");
  return bytes;
}

function refusal(record: MemberRecord): string | undefined {
  const { encrypted, compressionMethod, uncompressedSize, compressedSize } = record;
  if (encrypted) return "encrypted";
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    return `compressed by method ${compressionMethod}; only Deflate is read`;
  }
  if (uncompressedSize > ENTRY_BYTES_MAX) return "unpacks to more than 512 MB";
  const isBomb = uncompressedSize > INFLATION_MAX * Math.max(1, compressedSize);
  if (isBomb && uncompressedSize > INFLATION_FLOOR_BYTES) {
    return `unpacks to more than ${INFLATION_MAX} times its size`;
  }
  return undefined;
}

/**
 * A stored member's bytes where they lie, from its local header alone; undefined for one that is
 * compressed, or that `readMember` refuses with words of its own.
 */
export async function storedBytes(
  archive: Blob,
  record: MemberRecord,
  windows: WindowReader,
): Promise<Blob | undefined> {
  const { compressionMethod, compressedSize, uncompressedSize, offset } = record;
  if (compressionMethod !== 0 || compressedSize !== uncompressedSize || refusal(record)) {
    return undefined;
  }
  const start = dataStart(await windows.read(archive, offset, offset + LOCAL_HEADER_BYTES));
  if (start === undefined || offset + start + compressedSize > archive.size) return undefined;
  return archive.slice(offset + start, offset + start + compressedSize);
}

async function packedBytes(
  archive: Blob,
  record: MemberRecord,
  windows: WindowReader,
): Promise<Uint8Array<ArrayBuffer>> {
  const { offset, compressedSize, nameBytes } = record;
  // Header and data in one read: in a browser each costs a message to another process.
  const guess = offset + LOCAL_HEADER_BYTES + nameBytes + EXTRA_FIELD_BYTES;
  const head = await windows.read(archive, offset, guess + compressedSize);
  const start = dataStart(head);
  if (start === undefined) throw damaged(record, "its header is damaged");
  const end = start + compressedSize;
  if (offset + end > archive.size) throw damaged(record, "cut off");
  if (end <= head.length) return head.subarray(start, end);
  return windows.read(archive, offset + start, offset + end);
}

/** The data starts after the local header, whose name and extra field vary in length. */
function dataStart(head: Uint8Array<ArrayBuffer>): number | undefined {
  if (head.length < LOCAL_HEADER_BYTES) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0, true) !== LOCAL_SIGNATURE) return undefined;
  return LOCAL_HEADER_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
}

/** Inflates while counting: declared sizes can lie, and a bomb stops at the first byte too many. */
async function inflate(
  packed: Uint8Array<ArrayBuffer>,
  record: MemberRecord,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(record.uncompressedSize);
  const reader = new Blob([packed])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"))
    .getReader();
  let filled = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      signal.throwIfAborted();
      if (filled + part.value.length > bytes.length) {
        throw damaged(record, "unpacks to more than its declared size");
      }
      bytes.set(part.value, filled);
      filled += part.value.length;
    }
  } catch (thrown) {
    // Frees the decoder; its own failure is the one already being thrown.
    await reader.cancel().catch(() => {});
    signal.throwIfAborted();
    if (thrown instanceof AppError) throw thrown;
    throw damaged(record, "its compressed data is damaged", thrown);
  }
  return bytes.subarray(0, filled);
}

function damaged({ filename }: MemberRecord, reason: string, cause?: unknown): AppError {
  return new AppError("import/archive", `${filename}: ${reason}`, { cause });
}
