import { describe, expect, it } from "vitest";
import { fourierTransform, quickSize } from "../../../src/core/math/fft";
import { rng } from "../../../src/core/math/rng";

const signalOf = (size: number) => {
  const random = rng(size);
  const part = () => Float64Array.from({ length: size }, () => random() - 0.5);
  return { re: part(), im: part() };
};

describe("a Fourier transform", () => {
  it.each([1, 2, 7, 12, 30, 64])("of length %d is the definition's", (size) => {
    const signal = signalOf(size);
    const found = { re: signal.re.slice(), im: signal.im.slice() };
    fourierTransform(size).transform(found);
    for (let k = 0; k < size; k++) {
      let [re, im] = [0, 0];
      for (let n = 0; n < size; n++) {
        const turn = (-2 * Math.PI * k * n) / size;
        re += signal.re[n]! * Math.cos(turn) - signal.im[n]! * Math.sin(turn);
        im += signal.re[n]! * Math.sin(turn) + signal.im[n]! * Math.cos(turn);
      }
      expect(found.re[k]).toBeCloseTo(re, 9);
      expect(found.im[k]).toBeCloseTo(im, 9);
    }
  });

  it("is undone by itself with the parts exchanged", () => {
    const signal = signalOf(90);
    const found = { re: signal.re.slice(), im: signal.im.slice() };
    const { transform } = fourierTransform(90);
    transform(found);
    transform({ re: found.im, im: found.re });
    found.re.forEach((value, n) => expect(value / 90).toBeCloseTo(signal.re[n]!, 12));
    found.im.forEach((value, n) => expect(value / 90).toBeCloseTo(signal.im[n]!, 12));
  });

  it("refuses what is no length", () => {
    for (const size of [0, -4, 2.5, NaN]) expect(() => fourierTransform(size)).toThrow(/sizes/);
  });
});

it("names a length whose transform is quick, an eighth too long at most", () => {
  expect([1, 7, 8, 11, 100, 121, 100_020].map(quickSize)).toEqual([1, 8, 8, 12, 100, 125, 102_400]);
  for (let least = 16; least < 3_000; least += 7) {
    expect(quickSize(least)).toBeGreaterThanOrEqual(least);
    expect(quickSize(least)).toBeLessThanOrEqual(1.125 * least);
  }
});
