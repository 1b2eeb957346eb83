import { hasAscii, latin1Of, textOfBytes } from "./bytesText";

/** Headers and contents of a tar lie in blocks of this size. */
export const TAR_BLOCK = 512;

/** What a header's type flag says the member is. */
export type TarKind =
  "file" | "directory" | "link" | "device" | "sparse" | "pax" | "globalPax" | "longName" | "other";

export interface TarHeader {
  readonly kind: TarKind;
  /** As the header itself says; a record before it may give a longer one. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** `end`: the zeros that close an archive. `damaged`: not a header, or its checksum is wrong. */
export type TarBlock = TarHeader | "end" | "damaged";

/**
 * Reads one header block of ustar, pax, GNU and old tars. Total: any bytes give an answer.
 *
 * Source: POSIX.1-2024, pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format".
 *
 * @param block [512]; anything shorter is damaged.
 */
export function readTarHeader(block: Uint8Array): TarBlock {
  if (block.length < TAR_BLOCK) return "damaged";
  const sum = readNumber(block, 148, 8);
  if (sum === 0 && block.subarray(0, TAR_BLOCK).every((byte) => byte === 0)) return "end";
  const size = readNumber(block, 124, 12);
  if (!hasChecksum(block, sum) || size === undefined) return "damaged";
  const flag = String.fromCharCode(block[156]!);
  // GNU's magic ends in blanks and its headers keep times where ustar keeps a prefix.
  const isUstar = hasAscii(block, 257, "ustar\0");
  const prefix = isUstar ? textAt(block, 345, 155) : "";
  const short = textAt(block, 0, 100);
  const name = prefix === "" ? short : `${prefix}/${short}`;
  const kind = KINDS[flag] ?? "other";
  const isOldDirectory = kind === "file" && name.endsWith("/");
  // What links and devices state as size is not followed by contents.
  const holdsBytes = kind !== "link" && kind !== "device" && kind !== "directory";
  return {
    kind: isOldDirectory ? "directory" : kind,
    name,
    sizeBytes: holdsBytes ? size : 0,
  };
}

const KINDS: Readonly<Record<string, TarKind>> = {
  "\0": "file",
  "0": "file",
  "7": "file", // contiguous, which is a matter of the disk it came from
  "1": "link",
  "2": "link",
  K: "other", // name of a link's target
  "3": "device",
  "4": "device",
  "6": "device",
  "5": "directory",
  S: "sparse",
  x: "pax",
  g: "globalPax",
  L: "longName",
};

/**
 * Records of a pax header: `27 path=a/long/name.jpg\n`, each with its own length in bytes.
 *
 * @returns what was readable; a record of a wrong length ends it.
 */
export function readPaxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    let digits = at;
    while (digits < bytes.length && digits - at < 12 && isDigit(bytes[digits]!)) digits++;
    const length = Number(latin1Of(bytes.subarray(at, digits)));
    const end = at + length;
    if (digits === at || bytes[digits] !== 0x20 || end > bytes.length) break;
    if (length <= digits - at + 1 || bytes[end - 1] !== 0x0a) break;
    const text = textOfBytes(bytes.subarray(digits + 1, end - 1));
    const equals = text.indexOf("=");
    if (equals < 1) break;
    records.set(text.slice(0, equals), text.slice(equals + 1));
    at = end;
  }
  return records;
}

/** The name that a GNU long-name member holds; it ends at its first NUL. */
export function readLongName(bytes: Uint8Array): string {
  return textAt(bytes, 0, bytes.length);
}

/** Where the block after `sizeBytes` of contents starts, counted from their start. */
export function paddedTarSize(sizeBytes: number): number {
  return Math.ceil(sizeBytes / TAR_BLOCK) * TAR_BLOCK;
}

/** Old tars summed signed bytes; both sums are accepted, as GNU tar does. */
function hasChecksum(block: Uint8Array, stated: number | undefined): boolean {
  let unsigned = 0;
  let signed = 0;
  for (let i = 0; i < TAR_BLOCK; i++) {
    const byte = i >= 148 && i < 156 ? 0x20 : block[i]!; // its own field counts as blanks
    unsigned += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return stated === unsigned || stated === signed;
}

/** Octal digits, or GNU's base 256 behind a set top bit; undefined for anything else. */
function readNumber(block: Uint8Array, at: number, length: number): number | undefined {
  if (block[at]! & 0x80) {
    let value = block[at]! & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + block[at + i]!;
    return Number.isSafeInteger(value) ? value : undefined;
  }
  let place = at;
  const end = at + length;
  while (place < end && block[place] === 0x20) place++;
  let value = 0;
  for (; place < end && block[place] !== 0 && block[place] !== 0x20; place++) {
    const digit = block[place]! - 0x30;
    if (digit < 0 || digit > 7) return undefined;
    value = value * 8 + digit;
  }
  return value;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return textOfBytes(end < 0 ? field : field.subarray(0, end));
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;
