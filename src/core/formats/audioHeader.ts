import { hasAscii } from "./bytesText";
import { readMp3 } from "./mp3Header";
import { readMp4 } from "./mp4Header";

/** What a recording says about itself, before anything is decoded. */
export interface AudioHeader {
  readonly type: AudioType;
  /** Null where the header is cut off or does not say. */
  readonly durationMs: number | null;
  /** Samples per second and channel; null where unknown. */
  readonly rate: number | null;
  readonly channels: number | null;
}

export type AudioType =
  | "audio/wav"
  | "audio/flac"
  | "audio/ogg"
  | "audio/mpeg"
  | "audio/mp4"
  | "audio/aac"
  | "audio/webm";

/**
 * Recognises WAV, FLAC, Ogg (Vorbis, Opus), MP3, MP4 audio, AAC and WebM by their magic bytes and
 * reads duration and rate where the container states them. Total: any bytes give an answer.
 *
 * @param bytes the whole file: Ogg states its duration at the end, MP4 may.
 * @returns undefined for anything else.
 */
export function readAudioHeader(bytes: Uint8Array): AudioHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isRiff = hasAscii(bytes, 0, "RIFF") || hasAscii(bytes, 0, "RF64");
  if (isRiff && hasAscii(bytes, 8, "WAVE")) return checked(readWav(bytes, view));
  if (hasAscii(bytes, 0, "fLaC")) return checked(readFlac(view));
  if (hasAscii(bytes, 0, "OggS")) return checked(readOgg(bytes, view));
  if (hasAscii(bytes, 4, "ftyp")) {
    const mp4 = readMp4(bytes);
    return mp4 && checked({ type: "audio/mp4", ...mp4 });
  }
  if (view.byteLength >= 4 && view.getUint32(0) === 0x1a45dfa3) return unknown("audio/webm");
  // ADTS (ISO/IEC 13818-7 §6.2) looks like MPEG audio of a layer that does not exist.
  if (view.byteLength >= 7 && (view.getUint16(0) & 0xfff6) === 0xfff0) return unknown("audio/aac");
  const mp3 = readMp3(bytes);
  return mp3 && checked({ type: "audio/mpeg", ...mp3 });
}

/** RIFF WAVE: `fmt ` states rate and bytes per second, `data` how many bytes there are. */
function readWav(bytes: Uint8Array, view: DataView): AudioHeader {
  let format: { channels: number; rate: number; bytesPerSecond: number } | undefined;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at + 4, true);
    if (hasAscii(bytes, at, "fmt ") && at + 20 <= view.byteLength) {
      const channels = view.getUint16(at + 10, true);
      const rate = view.getUint32(at + 12, true);
      format = { channels, rate, bytesPerSecond: view.getUint32(at + 16, true) };
    }
    if (hasAscii(bytes, at, "data") && format) {
      // Writers to a pipe state the largest size there is.
      const held = Math.min(size, view.byteLength - at - 8);
      const { channels, rate, bytesPerSecond } = format;
      return { type: "audio/wav", durationMs: (held / bytesPerSecond) * 1000, rate, channels };
    }
    at += 8 + size + (size % 2);
  }
  return unknown("audio/wav");
}

/** RFC 9639 §8.2: STREAMINFO is the first block. */
function readFlac(view: DataView): AudioHeader {
  if (view.byteLength < 26) return unknown("audio/flac");
  const high = view.getUint32(18);
  const rate = high >>> 12;
  const channels = ((high >>> 9) & 7) + 1;
  const samples = (high & 0xf) * 2 ** 32 + view.getUint32(22);
  const durationMs = samples === 0 ? null : (samples / rate) * 1000; // zero: not known when written
  return { type: "audio/flac", durationMs, rate, channels };
}

/** RFC 3533: the last page's position counts samples; RFC 7845 and Vorbis I §4.2.2 say of what rate. */
function readOgg(bytes: Uint8Array, view: DataView): AudioHeader {
  const start = 27 + (bytes[26] ?? 0);
  const opus = hasAscii(bytes, start, "OpusHead");
  const vorbis = hasAscii(bytes, start, "\u0001vorbis");
  if ((!opus && !vorbis) || start + 16 > view.byteLength) return unknown("audio/ogg");
  const channels = bytes[start + (opus ? 9 : 11)] ?? null;
  const rate = opus ? 48_000 : view.getUint32(start + 12, true);
  const skipped = opus ? view.getUint16(start + 10, true) : 0;
  const samples = lastGranule(bytes, view);
  const durationMs = samples === null ? null : (Math.max(0, samples - skipped) / rate) * 1000;
  return { type: "audio/ogg", durationMs, rate, channels };
}

function lastGranule(bytes: Uint8Array, view: DataView): number | null {
  const first = Math.max(0, bytes.length - 131_072); // a page is at most 65,307 bytes
  for (let at = bytes.length - 27; at >= first; at--) {
    if (bytes[at] !== 0x4f || !hasAscii(bytes, at, "OggS")) continue;
    const high = view.getInt32(at + 10, true);
    // All ones: no packet ends on this page.
    if (high >= 0) return high * 2 ** 32 + view.getUint32(at + 6, true);
  }
  return null;
}

function unknown(type: AudioType): AudioHeader {
  return { type, durationMs: null, rate: null, channels: null };
}

/** Nonsense counts as unknown: zero rates, infinite durations. */
function checked({ type, durationMs, rate, channels }: AudioHeader): AudioHeader {
  const isPositive = (value: number | null) => value !== null && value > 0 && isFinite(value);
  return {
    type,
    durationMs: durationMs !== null && durationMs >= 0 && isFinite(durationMs) ? durationMs : null,
    rate: isPositive(rate) ? rate : null,
    channels: isPositive(channels) ? channels : null,
  };
}
