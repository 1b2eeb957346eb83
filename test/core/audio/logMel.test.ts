import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { logMel, samplesForFrames } from "../../../src/core/audio/logMel";
import { AppError } from "../../../src/core/errors";

const OPTIONS = { sampleRate: 16_000, bands: 40, windowMs: 25, hopMs: 10, low: 60, high: 7600 };
const FOLDER = new URL("../../fixtures/sounds/", import.meta.url);

type Golden = Readonly<
  Record<string, { readonly frames: number; readonly everyFifth: readonly (readonly number[])[] }>
>;

/** What `make_sounds.py` computed with numpy. */
async function golden(): Promise<Golden> {
  return JSON.parse(await readFile(new URL("logMel.golden.json", FOLDER), "utf8")) as Golden;
}

/** The samples of a 16-bit mono WAV with the usual header. */
async function spoken(name: string): Promise<Float32Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await readFile(new URL(name, FOLDER)));
  return Float32Array.from(new Int16Array(bytes.buffer, 44), (value) => value / 32_768);
}

function synthetic(name: string): Float32Array<ArrayBuffer> {
  const waves: Record<string, (i: number) => number> = {
    chirp: (i) => 0.5 * Math.sin(2 * Math.PI * (100 + (3000 * i) / 16_000) * (i / 16_000)),
    click: (i) => (i === 4000 ? 0.9 : 0),
    constant: () => 0.25,
    silence: () => 0,
    short: (i) => 0.3 * Math.sin((2 * Math.PI * 1000 * i) / 16_000),
  };
  const wave = waves[name] ?? (() => Number.NaN);
  return Float32Array.from({ length: name === "short" ? 300 : 8000 }, (_, i) => wave(i));
}

describe("a log-mel spectrogram", () => {
  it("is what numpy computes, on speech and on made-up clips", async () => {
    for (const [name, { frames, everyFifth }] of Object.entries(await golden())) {
      const samples = name.endsWith(".wav") ? await spoken(name) : synthetic(name);
      const ours = logMel(samples, OPTIONS);
      expect([ours.bands, ours.frames], name).toEqual([40, frames]);
      const worst = everyFifth.map((band, b) =>
        Math.max(...band.map((value, i) => Math.abs(value - ours.data[b * frames + 5 * i]!))),
      );
      expect(Math.max(...worst), name).toBeLessThan(1e-3);
    }
  });

  it("has mean 0 and deviation 1 in every band that changes", async () => {
    const { data, frames } = logMel(await spoken("us-1f600.wav"), OPTIONS);
    for (let b = 0; b < 40; b++) {
      const band = data.subarray(b * frames, (b + 1) * frames);
      const mean = band.reduce((sum, x) => sum + x, 0) / frames;
      expect(Math.abs(mean)).toBeLessThan(1e-6);
      expect(band.reduce((sum, x) => sum + x ** 2, 0) / frames).toBeCloseTo(1, 5);
    }
  });

  it("does not change with the loudness of a clip that is well above the floor", () => {
    const [loud, quiet] = [0.9, 0.45].map((level) =>
      logMel(
        synthetic("chirp").map((x) => x * level),
        OPTIONS,
      ),
    );
    const differences = loud!.data.map((x, i) => Math.abs(x - quiet!.data[i]!));
    expect(differences.toSorted((a, b) => a - b)[Math.floor(differences.length / 2)]).toBeLessThan(
      0.05,
    );
  });

  it("is zeros for silence, for what is below it, and for any constant", () => {
    for (const level of [0, 5e-5, -0.25, 1]) {
      const clip = new Float32Array(4000).fill(level);
      expect(
        logMel(clip, OPTIONS).data.every((x) => x === 0),
        `${level}`,
      ).toBe(true);
    }
  });

  it("lets no NaN pass for sound", () => {
    const clip = synthetic("chirp").fill(Number.NaN, 100, 101);
    expect(logMel(clip, OPTIONS).data.every(Number.isFinite)).toBe(false);
  });

  it("leaves out a last part shorter than a window, and makes one frame of a shorter clip", () => {
    const frames = [1, 399, 400, 559, 560].map(
      (length) => logMel(new Float32Array(length).fill(0.1), OPTIONS).frames,
    );
    expect(frames).toEqual([1, 1, 1, 1, 2]);
  });

  it("gives the logarithms themselves where they are wanted, of silence too", () => {
    const clip = synthetic("chirp");
    const raw = logMel(clip, { ...OPTIONS, standardise: false });
    const unit = logMel(clip, OPTIONS);
    const band = raw.data.subarray(0, raw.frames);
    const mean = band.reduce((sum, x) => sum + x, 0) / raw.frames;
    const std = Math.sqrt(band.reduce((sum, x) => sum + (x - mean) ** 2, 0) / raw.frames);
    expect((band[7]! - mean) / std).toBeCloseTo(unit.data[7]!, 4);
    const silence = logMel(new Float32Array(800), { ...OPTIONS, standardise: false });
    expect(silence.data.every((x) => Math.abs(x - Math.log(1e-6)) < 1e-5)).toBe(true);
  });

  it("reads the spectrum more finely where a band would hold no bin", () => {
    const clip = synthetic("chirp");
    const { data, bands } = logMel(clip, { ...OPTIONS, bands: 128 });
    expect(bands).toBe(128);
    expect(data.every(Number.isFinite)).toBe(true);
  });

  it("has so many frames of the shortest clip for them", () => {
    for (const frames of [1, 2, 96]) {
      const samples = samplesForFrames(frames, OPTIONS);
      expect(logMel(new Float32Array(samples), OPTIONS).frames).toBe(frames);
      if (frames > 1)
        expect(logMel(new Float32Array(samples - 1), OPTIONS).frames).toBe(frames - 1);
    }
  });

  it("refuses a clip without samples, and bands no bin falls into", () => {
    expect(() => logMel(new Float32Array(0), OPTIONS)).toThrow(AppError);
    expect(() => logMel(synthetic("chirp"), { ...OPTIONS, bands: 2000 })).toThrow(
      "no frequency bin",
    );
    expect(() => logMel(synthetic("chirp"), { ...OPTIONS, high: 9000 })).toThrow(AppError);
  });
});
