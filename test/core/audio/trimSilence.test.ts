import { describe, expect, it } from "vitest";
import { trimSilence } from "../../../src/core/audio/trimSilence";
import { rng } from "../../../src/core/math/rng";

const RATE = 16_000;

/** `noise` throughout, and a tone from one second on for `seconds`, with a pause in it. */
function recording({ noise = 1e-3, level = 0.5, seconds = 1, pause = 0 } = {}) {
  const random = rng(1);
  return Float32Array.from({ length: 4 * RATE }, (_, i) => {
    const at = i / RATE - 1;
    const speaks = at >= 0 && at < seconds && Math.abs(at - seconds / 2) >= pause / 2;
    return noise * (random() - 0.5) + (speaks ? level * Math.sin(i / 5) : 0);
  });
}

describe("trimming silence", () => {
  it.each([0, 1e-4, 1e-3, 2e-2])(
    "keeps 100 ms before and 400 ms after, in noise of %d",
    (noise) => {
      const samples = recording({ noise });
      const kept = trimSilence(samples, RATE);
      expect([...kept.subarray(0, 50)]).toEqual([...samples.subarray(0.9 * RATE, 0.9 * RATE + 50)]);
      expect(kept.length / RATE).toBeCloseTo(1.5, 1);
    },
  );

  it("keeps a pause between two words", () => {
    const kept = trimSilence(recording({ seconds: 1.5, pause: 0.6 }), RATE);
    expect(kept.length / RATE).toBeCloseTo(2, 1);
  });

  it("takes no click for a word", () => {
    const samples = recording();
    samples.fill(0.9, 1000, 1100);
    expect(trimSilence(samples, RATE).length / RATE).toBeCloseTo(1.5, 1);
  });

  it("leaves alone what is silent, even, shorter than three pieces, or nothing", () => {
    const even = Float32Array.from({ length: RATE }, (_, i) => 0.5 * Math.sin(i / 5));
    for (const samples of [
      new Float32Array(RATE),
      new Float32Array(RATE).fill(5e-5),
      even,
      even.slice(0, 900),
      new Float32Array(0),
    ]) {
      expect(trimSilence(samples, RATE)).toBe(samples);
    }
  });

  it("leaves alone a recording that is loud for no 60 ms", () => {
    const samples = new Float32Array(RATE).fill(0.9, 8000, 8100);
    expect(trimSilence(samples, RATE)).toBe(samples);
  });
});
