import { describe, expect, it } from "vitest";
import { resampler } from "../../../src/core/audio/resample";
import { AppError } from "../../../src/core/errors";

const SECONDS = 0.25;

function sine(rate: number, hertz: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: Math.round(rate * SECONDS) }, (_, i) =>
    Math.sin((2 * Math.PI * hertz * i) / rate),
  );
}

/** Without the ends, where the filter reaches beyond the signal. */
const inner = (samples: Float32Array) =>
  samples.subarray(Math.floor(samples.length * 0.25), Math.ceil(samples.length * 0.75));

const decibels = (samples: Float32Array) =>
  10 * Math.log10(samples.reduce((sum, x) => sum + x ** 2, 0) / samples.length + 1e-30);

/** Of the difference from the same sine sampled at the other rate, full scale 0 dB. */
function errorOf(from: number, to: number, hertz: number): number {
  const ours = resampler(from, to)(sine(from, hertz));
  const exact = sine(to, hertz);
  return decibels(inner(ours.map((x, i) => x - (exact[i] ?? x))));
}

describe("resampling", () => {
  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [22_050, 16_000],
    [8_000, 16_000],
    [192_000, 16_000],
    [16_000, 48_000],
    [11_025, 48_000],
    [44_099, 16_000], // no two phases alike: neighbouring filters are blended
  ])("from %i to %i Hz keeps tones up to nine tenths of the band, without delay", (from, to) => {
    const fold = Math.min(from, to) / 2;
    for (const share of [0.01, 0.25, 0.5, 0.9]) {
      expect(errorOf(from, to, share * fold), `${share} of the band`).toBeLessThan(-70);
    }
  });

  it.each([
    [48_000, 16_000],
    [44_100, 16_000],
    [192_000, 16_000],
    [44_099, 16_000],
  ])("from %i to %i Hz leaves nothing above 60 dB of what would fold back", (from, to) => {
    for (const share of [1.0, 1.05, 1.5, 2]) {
      const hertz = (share * to) / 2;
      const level = decibels(inner(resampler(from, to)(sine(from, hertz))));
      expect(level, `${hertz} Hz`).toBeLessThan(-60);
    }
  });

  it("makes no image of a tone when it goes up", () => {
    const up = resampler(8_000, 48_000)(sine(8_000, 3_400));
    expect(decibels(inner(up)) - decibels(inner(sine(8_000, 3_400)))).toBeCloseTo(0, 2);
    expect(errorOf(8_000, 48_000, 3_400)).toBeLessThan(-70);
  });

  it("keeps a constant to the last bit of float32", () => {
    for (const [from, to] of [
      [44_100, 16_000],
      [44_099, 16_000],
      [8_000, 48_000],
    ] as const) {
      const out = inner(resampler(from, to)(new Float32Array(from).fill(0.25)));
      expect(out.every((x) => Math.abs(x - 0.25) < 1e-6)).toBe(true);
    }
  });

  it("makes ceil(n · to / from) samples, and none of none", () => {
    const lengths = [0, 1, 2, 3, 441, 442].map(
      (n) => resampler(44_100, 16_000)(new Float32Array(n)).length,
    );
    expect(lengths).toEqual([0, 1, 1, 2, 160, 161]);
  });

  it("gives back the same samples for equal rates", () => {
    const samples = sine(16_000, 440);
    expect(resampler(16_000, 16_000)(samples)).toBe(samples);
  });

  it("refuses rates that no recording has", () => {
    for (const rate of [0, -1, 3, 16_000.5, 1e7, Number.NaN, Infinity]) {
      expect(() => resampler(rate, 16_000)).toThrow(AppError);
    }
  });
});
