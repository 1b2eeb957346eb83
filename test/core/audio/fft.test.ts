import { describe, expect, it } from "vitest";
import { powerSpectrum } from "../../../src/core/audio/fft";
import { AppError } from "../../../src/core/errors";
import { rng } from "../../../src/core/math/rng";

/** The definition, term by term. */
function naivePower(signal: ArrayLike<number>, size: number): number[] {
  return Array.from({ length: Math.floor(size / 2) + 1 }, (_, k) => {
    let [re, im] = [0, 0];
    for (let n = 0; n < signal.length; n++) {
      re += signal[n]! * Math.cos((2 * Math.PI * k * n) / size);
      im -= signal[n]! * Math.sin((2 * Math.PI * k * n) / size);
    }
    return re ** 2 + im ** 2;
  });
}

describe("a power spectrum", () => {
  it.each([1, 2, 3, 5, 7, 8, 30, 97, 400, 512])("is the definition's for %i samples", (size) => {
    const random = rng(size);
    const signal = Float64Array.from({ length: size }, () => random() - 0.5);
    const { bins, power } = powerSpectrum(size);
    const out = new Float64Array(bins);
    power(signal, out);
    naivePower(signal, size).forEach((value, k) => expect(out[k]).toBeCloseTo(value, 9));
  });

  it("takes what is missing of a short signal as zeros, whatever came before", () => {
    const spectrum = powerSpectrum(8);
    const out = new Float64Array(5);
    spectrum.power(new Float64Array(8).fill(9), out);
    spectrum.power([1, 2, 3], out);
    naivePower([1, 2, 3], 8).forEach((value, k) => expect(out[k]).toBeCloseTo(value, 9));
  });

  it("keeps the energy (Parseval)", () => {
    const random = rng(1);
    const signal = Float64Array.from({ length: 512 }, () => random() - 0.5);
    const out = new Float64Array(257);
    powerSpectrum(512).power(signal, out);
    const both = out.reduce((sum, x, k) => sum + (k === 0 || k === 256 ? x : 2 * x), 0) / 512;
    expect(both).toBeCloseTo(
      signal.reduce((sum, x) => sum + x ** 2, 0),
      9,
    );
  });

  it("refuses a size that is none", () => {
    for (const size of [0, -8, 2.5, Number.NaN])
      expect(() => powerSpectrum(size)).toThrow(AppError);
  });
});
