import { hasAscii } from "./bytesText";

/** kbit/s by index, for MPEG-1 layer III and for MPEG-2 and 2.5 (ISO/IEC 11172-3 and 13818-3). */
const BITRATES = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const RATES = [44_100, 48_000, 32_000] as const;

/** How far behind its tag a stream may start: some writers pad with zeros. */
const SEARCHED_BYTES = 4096;

/** What the first frame of an MP3 says. */
export interface Mp3Header {
  readonly durationMs: number | null;
  readonly rate: number;
  readonly channels: number;
}

/**
 * The first layer III frame behind an ID3 tag. A Xing, Info or VBRI header states the number of
 * frames; without one the bitrate of the first frame holds for all.
 *
 * @returns undefined where no two frames follow each other: noise looks like one frame often enough.
 */
export function readMp3(bytes: Uint8Array): Mp3Header | undefined {
  const start = tagSize(bytes);
  const last = Math.min(bytes.length - 4, start + (start > 0 ? SEARCHED_BYTES : 0));
  for (let at = start; at <= last; at++) {
    const frame = frameAt(bytes, at);
    if (!frame) continue;
    const next = at + frame.sizeBytes;
    const isCutOff = next + 4 > bytes.length;
    if (!isCutOff && !frameAt(bytes, next)) continue;
    if (isCutOff && start === 0 && !hasFrameCount(bytes, at, frame)) continue;
    const { rate, channels } = frame;
    return { rate, channels, durationMs: durationOf(bytes, at, frame) };
  }
  return undefined;
}

interface Frame {
  readonly rate: number;
  readonly channels: number;
  readonly bitrate: number;
  readonly samples: number;
  readonly sizeBytes: number;
  /** Where a Xing or Info header would stand, from the frame's start. */
  readonly infoAt: number;
}

/** ID3v2.4 §3.1: its size is written in 7 bits per byte. */
function tagSize(bytes: Uint8Array): number {
  if (!hasAscii(bytes, 0, "ID3") || bytes.length < 10) return 0;
  return 10 + [6, 7, 8, 9].reduce((size, at) => size * 128 + (bytes[at]! & 0x7f), 0);
}

function frameAt(bytes: Uint8Array, at: number): Frame | undefined {
  if (at + 4 > bytes.length || bytes[at] !== 0xff) return undefined;
  const [second, third, fourth] = [bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
  const version = (second >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
  const isLayer3 = (second & 0xe0) === 0xe0 && ((second >> 1) & 3) === 1;
  const bitrate = 1000 * (BITRATES[version === 3 ? 0 : 1][third >> 4] ?? 0);
  const base = RATES[(third >> 2) & 3];
  if (!isLayer3 || version === 1 || bitrate === 0 || base === undefined) return undefined;
  const rate = version === 3 ? base : version === 2 ? base / 2 : base / 4;
  const channels = fourth >> 6 === 3 ? 1 : 2;
  const samples = version === 3 ? 1152 : 576;
  const sizeBytes = Math.floor(((samples / 8) * bitrate) / rate) + ((third >> 1) & 1);
  const sideBytes = version === 3 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  return { rate, channels, bitrate, samples, sizeBytes, infoAt: 4 + sideBytes };
}

function hasFrameCount(bytes: Uint8Array, at: number, frame: Frame): boolean {
  return framesStated(bytes, at, frame) !== undefined;
}

function framesStated(bytes: Uint8Array, at: number, { infoAt }: Frame): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const xing = at + infoAt;
  if (hasAscii(bytes, xing, "Xing") || hasAscii(bytes, xing, "Info")) {
    const states = xing + 12 <= bytes.length && (view.getUint32(xing + 4) & 1) === 1;
    return states ? view.getUint32(xing + 8) : undefined;
  }
  const vbri = at + 36;
  const hasVbri = hasAscii(bytes, vbri, "VBRI") && vbri + 18 <= bytes.length;
  return hasVbri ? view.getUint32(vbri + 14) : undefined;
}

function durationOf(bytes: Uint8Array, at: number, frame: Frame): number {
  const frames = framesStated(bytes, at, frame);
  if (frames !== undefined) return ((frames * frame.samples) / frame.rate) * 1000;
  return ((bytes.length - at) * 8000) / frame.bitrate;
}
