import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { clapFeatures } from "../../../src/core/audio/clapFeatures";
import { clipFeatures } from "../../../src/core/audio/features";
import { kaldiFbank } from "../../../src/core/audio/kaldiFbank";
import { LONGEST_WAVEFORM, waveformFeatures } from "../../../src/core/audio/waveformFeatures";
import { WHISPER_LENGTH, whisperFeatures } from "../../../src/core/audio/whisperFeatures";

// Golden numbers of the original Python extractors; how they were made: make_audio_features.py.

interface Golden {
  readonly dims: readonly number[];
  readonly mean: number;
  readonly meanSquare: number;
  /** Some positions in the flat features, and what stands there. */
  readonly at: readonly number[];
  readonly values: readonly number[];
}

const FIXTURES = "test/fixtures/sounds";
const GOLDEN = JSON.parse(readFileSync(`${FIXTURES}/audio-features.json`, "utf8")) as Record<
  string,
  Record<"short" | "long" | "speech" | "silence", Golden>
>;

const EXTRACTORS = [
  ["whisper", whisperFeatures, 16_000, 31],
  ["kaldi-fbank", kaldiFbank, 16_000, 11],
  ["clap", clapFeatures, 48_000, 11],
  ["waveform", waveformFeatures, 16_000, 31],
] as const;

/** Far below 1e-3; what is left is float32 around -100 dB, and the original's complex64. */
const TOLERANCE = 2e-5;

describe.each(EXTRACTORS)("%s", (name, extract, rate, seconds) => {
  const golden = GOLDEN[name]!;

  it.each([
    ["a clip of a second", "short", () => chirp(rate, rate)],
    ["a clip that is too long", "long", () => chirp(rate * seconds, rate)],
    ["speech", "speech", speech],
    ["silence", "silence", () => new Float32Array(rate)],
  ] as const)("gives the original's numbers for %s", (_name, which, signal) => {
    const { dims, mean, meanSquare, at, values } = golden[which];
    const out = extract(signal());
    expect(out).toHaveLength(dims.reduce((product, size) => product * size));
    const errors = values.map((value, i) => Math.abs(value - out[at[i]!]!));
    expect(Math.max(0, ...errors)).toBeLessThan(TOLERANCE);
    expect(Math.abs(average(out) - mean)).toBeLessThan(TOLERANCE);
    const power = average(out.map((value) => value ** 2));
    expect(Math.abs(power - meanSquare)).toBeLessThan(TOLERANCE * (1 + meanSquare));
  });

  it("gives finite, equal numbers for one clip, however short", () => {
    for (const length of [1, 399, 1600]) {
      const clip = chirp(length, rate);
      const out = extract(clip);
      expect(out.every(Number.isFinite)).toBe(true);
      expect(isSame(extract(clip), out)).toBe(true);
    }
  });

  it("gives finite numbers for a constant and for full scale", () => {
    for (const level of [0.3, 1]) {
      expect(extract(new Float32Array(rate).fill(level)).every(Number.isFinite)).toBe(true);
    }
  });
});

it("takes the middle of a clip that is too long for CLAP", () => {
  const clip = chirp(600_000, 48_000);
  const middle = clip.slice(60_000, 540_000);
  expect(isSame(clapFeatures(clip), clapFeatures(middle))).toBe(true);
});

it("takes the first half minute of a waveform", () => {
  const clip = chirp(500_000, 16_000);
  const first = clip.slice(0, LONGEST_WAVEFORM);
  expect(isSame(waveformFeatures(clip), waveformFeatures(first))).toBe(true);
});

it("says how much of Whisper's half minute is the clip", () => {
  const heard = (size: number) =>
    clipFeatures(new Float32Array(size), { features: { kind: "whisper" }, sampleRate: 16_000 })
      .heard;
  expect([320, 960_000].map(heard)).toEqual([
    { samples: 320, of: WHISPER_LENGTH },
    { samples: WHISPER_LENGTH, of: WHISPER_LENGTH },
  ]);
});

/** A sine that climbs from 100 Hz by 300 Hz a second, and noise, as the Python file makes them. */
function chirp(samples: number, rate: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: samples }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const t = i / rate;
    return 0.5 * Math.sin(2 * Math.PI * (100 * t + 150 * t * t)) + 0.05 * (state / 2 ** 31 - 1);
  });
}

function speech(): Float32Array {
  const bytes = readFileSync(`${FIXTURES}/us-1f600.wav`);
  const data = new Int16Array(
    bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length),
  );
  return Float32Array.from(data, (sample) => sample / 32768);
}

/** Bit by bit; a matcher would walk half a million numbers one by one. */
function isSame(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
}

function average(values: Float32Array): number {
  return Float64Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
