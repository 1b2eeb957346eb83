import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Papa from "papaparse";

/** One clip of the spoken sample, unpacked and decoded by test/fixtures/decodeSpoken.py. */
export interface SpokenRow {
  readonly path: string;
  readonly text: string;
  readonly split: string;
}

/** The rows of the unpacked sample's table. */
export async function readSpokenRows(folder: string): Promise<SpokenRow[]> {
  const table = await readFile(join(folder, "metadata.csv"), "utf8");
  const { data } = Papa.parse<Record<"file_name" | "text" | "split", string>>(table.trim(), {
    header: true,
  });
  return data.map(({ file_name: file, text, split }) => ({
    path: join(folder, file.replace(/\.ogg$/, ".wav")),
    ...{ text, split },
  }));
}

/** Samples of a 16-bit mono WAV file as this folder's tools write it. */
export async function readWav(path: string): Promise<Float32Array<ArrayBuffer>> {
  return samplesOf(await readFile(path));
}

/** Samples of the bytes of a 16-bit mono WAV file with one header of 44 bytes. */
export function samplesOf(bytes: Buffer): Float32Array<ArrayBuffer> {
  if (bytes.toString("latin1", 36, 40) !== "data") throw new Error("not a plain WAV file");
  const count = (bytes.length - 44) / 2;
  return Float32Array.from({ length: count }, (_, i) => bytes.readInt16LE(44 + 2 * i) / 32_768);
}

/** A 16-bit mono WAV file. */
export function writeWav(samples: Float32Array, rate = 16_000): Buffer {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // mono
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(2 * rate, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((value, i) => {
    bytes.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(32_768 * value))), 44 + 2 * i);
  });
  return bytes;
}
