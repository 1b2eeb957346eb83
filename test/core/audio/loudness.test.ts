import { describe, expect, it } from "vitest";
import { isClipped, isSilent } from "../../../src/core/audio/loudness";

const sine = (level: number) =>
  Float32Array.from({ length: 1000 }, (_, i) =>
    Math.max(-1, Math.min(1, level * Math.sin((2 * Math.PI * i) / 50))),
  );

describe("silence", () => {
  it("is below 1e-4 throughout, also where there are no samples", () => {
    expect(isSilent(sine(0.9e-4))).toBe(true);
    expect(isSilent(new Float32Array(0))).toBe(true);
    expect(isSilent(sine(1.1e-4))).toBe(false);
    expect(isSilent(new Float32Array(9).fill(-0.5))).toBe(false);
  });
});

describe("a clipped recording", () => {
  it("stays at full scale for longer than a peak does", () => {
    expect(isClipped(sine(1.5))).toBe(true);
    expect(isClipped(sine(0.99))).toBe(false);
  });

  it("is not one that touches full scale for a sample or two, however often", () => {
    const peaks = Float32Array.from({ length: 999 }, (_, i) => (i % 3 < 2 ? 1 : 0));
    expect(isClipped(peaks)).toBe(false);
    expect(isClipped(new Float32Array(3).fill(-1))).toBe(true);
    expect(isClipped(new Float32Array(0))).toBe(false);
  });
});
