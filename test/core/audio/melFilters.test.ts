import { describe, expect, it } from "vitest";
import { melFilterBank, type MelBank } from "../../../src/core/audio/melFilters";

const HTK: MelBank = { bands: 40, low: 60, high: 7600, sampleRate: 16_000, scale: "htk" };

describe("HTK mel filters", () => {
  it("are triangles of height 1 at most that overlap by half, so inner bins weigh 1 in all", () => {
    const sums = sumsOf(HTK);
    for (const { weights } of melFilterBank(HTK, 512)) {
      expect(Math.min(...weights)).toBeGreaterThan(0);
      expect(Math.max(...weights)).toBeLessThanOrEqual(1);
    }
    expect(Array.from(sums.subarray(5, 225)).every((sum) => Math.abs(sum - 1) < 1e-9)).toBe(true);
    expect(sums[0]).toBe(0);
    expect(sums[1]).toBe(0); // 31 Hz is below 60 Hz
  });
});

describe("Slaney's mel filters", () => {
  it("all have the area 1 in Hz, where they are wider than a few bins", () => {
    const bank: MelBank = { ...HTK, bands: 20, low: 0, high: 8000, scale: "slaney" };
    const size = 8192;
    for (const { weights } of melFilterBank(bank, size)) {
      const area = (weights.reduce((sum, weight) => sum + weight) * bank.sampleRate) / size;
      expect(area).toBeCloseTo(1, 3);
    }
  });

  it("turn from linear to logarithmic at 1 kHz", () => {
    // 15 bands below 1 kHz are 15 mel there: their corners lie 62.5 Hz apart.
    const bank: MelBank = { ...HTK, bands: 15, low: 0, high: 1000, scale: "slaney" };
    const peaks = melFilterBank(bank, 16_000).map(({ first, weights }) => {
      return first + weights.indexOf(Math.max(...weights));
    });
    peaks.forEach((peak, b) => expect(Math.abs(peak - 62.5 * (b + 1))).toBeLessThanOrEqual(0.5));
  });
});

describe("Kaldi's mel filters", () => {
  it("reach 1 and overlap by half in mel, so inner bins weigh 1 in all", () => {
    const sums = sumsOf({ ...HTK, low: 20, high: 8000, scale: "kaldi" });
    expect(Array.from(sums.subarray(5, 240)).every((sum) => Math.abs(sum - 1) < 1e-9)).toBe(true);
  });
});

it("leaves a band without a bin empty, and refuses limits that cross or lie too high", () => {
  const narrow = melFilterBank({ ...HTK, bands: 128, low: 20, high: 8000, scale: "kaldi" }, 512);
  expect(narrow.some(({ weights }) => weights.length === 0)).toBe(true);
  for (const change of [{ low: 7600 }, { high: 8001 }, { low: -1 }, { bands: 0 }]) {
    expect(() => melFilterBank({ ...HTK, ...change }, 512)).toThrow(
      expect.objectContaining({ code: "data/shape" }),
    );
  }
});

function sumsOf(bank: MelBank): Float64Array {
  const sums = new Float64Array(257);
  for (const { first, weights } of melFilterBank(bank, 512)) {
    weights.forEach((weight, k) => (sums[first + k] = sums[first + k]! + weight));
  }
  return sums;
}
