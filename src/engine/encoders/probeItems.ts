import type { EncoderSpec } from "../../core/domain/encoder";
import { writeNpy } from "../../core/formats/npy";

/** Two captions of different length, to see an encoder work. */
export const PROBE_TEXTS = [
  "a red bicycle leaning against a stone wall in the afternoon sun",
  "two cats",
] as const;

const SIDE = 96;

/** Two small pictures (BMP: needs no compressor), a colour gradient and a coarse pattern. */
export function probePictures(): Blob[] {
  return [
    bitmap((x, y) => [x * 2.5, y * 2.5, 255 - x - y]),
    bitmap((x, y) => {
      const isLight = (Math.floor(x / 12) + Math.floor(y / 20)) % 2 === 0;
      return isLight ? [240, 200, 40] : [20, 40, 120 + x];
    }),
  ];
}

/** An uncompressed 24-bit bitmap file, rows bottom up, blue first (Windows BITMAPINFOHEADER). */
function bitmap(colour: (x: number, y: number) => readonly [number, number, number]): Blob {
  const header = 54;
  const bytes = new Uint8Array(header + SIDE * SIDE * 3); // 96 x 3 needs no padding to 4 bytes
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0x424d); // "BM"
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, header, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, SIDE, true);
  view.setInt32(22, SIDE, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const at = header + ((SIDE - 1 - y) * SIDE + x) * 3;
      bytes.set(colour(x, y).toReversed(), at); // stored modulo 256, all the same
    }
  }
  return new Blob([bytes], { type: "image/bmp" });
}

const PROBE_RATE = 16_000;

/** Two short recordings (WAV: needs no decoder), a rising tone and a beating pair of tones. */
export function probeSounds(): Blob[] {
  const turn = 2 * Math.PI;
  return [
    recording((t) => 0.6 * Math.sin(turn * (200 + 900 * t) * t)),
    recording((t) => 0.3 * Math.sin(turn * 440 * t) + 0.3 * Math.sin(turn * 452 * t)),
  ];
}

/** One second, mono, 16 bit (RIFF WAVE). */
function recording(sample: (seconds: number) => number): Blob {
  const header = 44;
  const view = new DataView(new ArrayBuffer(header + 2 * PROBE_RATE));
  view.setUint32(0, 0x52494646); // "RIFF"
  view.setUint32(4, view.byteLength - 8, true);
  view.setUint32(8, 0x57415645); // "WAVE"
  view.setUint32(12, 0x666d7420); // "fmt "
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true);
  view.setUint32(24, PROBE_RATE, true);
  view.setUint32(28, 2 * PROBE_RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  view.setUint32(36, 0x64617461); // "data"
  view.setUint32(40, 2 * PROBE_RATE, true);
  for (let i = 0; i < PROBE_RATE; i++) {
    view.setInt16(header + 2 * i, Math.round(32_767 * sample(i / PROBE_RATE)), true);
  }
  return new Blob([view.buffer], { type: "audio/wav" });
}

const PROBE_READINGS = 64;

/** Two windows of readings, [channels, T] as npy, of as many channels as the encoder takes. */
export function probeWindows({ preprocessing }: Pick<EncoderSpec, "preprocessing">): Blob[] {
  const channels = preprocessing?.kind === "sensor" ? preprocessing.channels.length : 1;
  return [3, 7].map((turns) => {
    const values = Float32Array.from({ length: channels * PROBE_READINGS }, (_, i) => {
      const phase = (turns * 2 * Math.PI * (i % PROBE_READINGS)) / PROBE_READINGS;
      return Math.sin(phase + Math.floor(i / PROBE_READINGS));
    });
    const file = writeNpy(values, [channels, PROBE_READINGS]);
    return new Blob([file], { type: "application/octet-stream" });
  });
}
