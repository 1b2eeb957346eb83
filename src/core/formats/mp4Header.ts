import { hasAscii } from "./bytesText";

/** What the movie box of an MP4 says about its sound. */
export interface Mp4Header {
  readonly durationMs: number | null;
  readonly rate: number | null;
  readonly channels: number | null;
}

const UNKNOWN: Mp4Header = { durationMs: null, rate: null, channels: null };

interface Box {
  /** Contents, without the box's own header. */
  readonly start: number;
  readonly end: number;
}

/**
 * Duration and rate of the first sound track (ISO/IEC 14496-12 §8: moov, trak, mdia, mdhd, hdlr).
 *
 * @returns undefined where the file names its tracks and none of them is sound.
 */
export function readMp4(bytes: Uint8Array): Mp4Header | undefined {
  const file = { start: 0, end: bytes.length };
  const [moov] = boxes(bytes, file, "moov");
  if (!moov) return UNKNOWN;
  const medias = boxes(bytes, moov, "trak").flatMap((trak) => boxes(bytes, trak, "mdia"));
  const sound = medias.find((mdia) => {
    return boxes(bytes, mdia, "hdlr").some(({ start }) => hasAscii(bytes, start + 8, "soun"));
  });
  if (!sound) return medias.length > 0 ? undefined : UNKNOWN;
  const [header] = boxes(bytes, sound, "mdhd");
  return header ? readMediaHeader(bytes, header) : UNKNOWN;
}

/** The timescale of a sound track is its sampling rate by custom. */
function readMediaHeader(bytes: Uint8Array, { start, end }: Box): Mp4Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLong = bytes[start] === 1;
  if (start + (isLong ? 32 : 20) > end) return UNKNOWN;
  const rate = view.getUint32(start + (isLong ? 20 : 12));
  const duration = isLong
    ? view.getUint32(start + 24) * 2 ** 32 + view.getUint32(start + 28)
    : view.getUint32(start + 16);
  return { durationMs: (duration / rate) * 1000, rate, channels: null };
}

/** Boxes of one type directly inside another; a size that leads nowhere ends the search. */
function boxes(bytes: Uint8Array, parent: Box, type: string): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Box[] = [];
  for (let at = parent.start; at + 8 <= parent.end;) {
    const short = view.getUint32(at);
    const isLong = short === 1 && at + 16 <= parent.end;
    const long = isLong ? view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12) : short;
    const size = short === 0 ? parent.end - at : long; // zero: to the end of the file
    const head = isLong ? 16 : 8;
    if (size < head) break;
    const end = Math.min(at + size, parent.end);
    if (hasAscii(bytes, at + 4, type)) found.push({ start: at + head, end });
    at += size;
  }
  return found;
}
