import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { expect, it } from "vitest";
import { onWhite } from "../../../src/engine/encoders/preprocessImage";
import { resizeImage, type RgbImage } from "../../../src/engine/encoders/resizeImage";

const GOLDEN = join(import.meta.dirname, "../../fixtures/golden-vectors");

function readPng(name: string): RgbImage {
  const { data, width, height } = PNG.sync.read(readFileSync(join(GOLDEN, name)));
  return onWhite({ data: new Uint8ClampedArray(data), width, height });
}

const plain = (width: number, height: number, value: number): RgbImage => ({
  data: new Uint8Array(width * height * 3).fill(value),
  width,
  height,
});

it.each(["small", "strip", "tall", "wide"])(
  "resizes texture-%s to the very pixels Pillow gives",
  (name) => {
    const expected = readPng(`texture-${name}.pil-bicubic-224.png`);
    const actual = resizeImage(readPng(`texture-${name}.png`), { width: 224, height: 224 });
    expect([actual.width, actual.height]).toEqual([224, 224]);
    const differing = actual.data.filter((value, i) => value !== expected.data[i]);
    expect(differing.length).toBe(0);
  },
);

it("keeps a picture of the right size as it is", () => {
  const image = readPng("texture-small.png");
  expect(resizeImage(image, { width: image.width, height: image.height }).data).toEqual(image.data);
});

it("keeps a plain colour plain, up to white and down to one pixel", () => {
  for (const value of [0, 1, 128, 255]) {
    for (const resample of ["bicubic", "bilinear"] as const) {
      const dot = resizeImage(plain(1, 1, value), { width: 7, height: 5, resample });
      expect(new Set(dot.data)).toEqual(new Set([value]));
      const sheet = resizeImage(plain(33, 21, value), { width: 4, height: 9, resample });
      expect(new Set(sheet.data)).toEqual(new Set([value]));
    }
  }
});

it("puts transparent parts on white and leaves opaque ones alone", () => {
  const rgba = Uint8ClampedArray.of(10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 200, 51);
  const { data } = onWhite({ data: rgba, width: 3, height: 1 });
  expect([...data]).toEqual([10, 20, 30, 255, 255, 255, 204, 224, 244]);
});

it("computes an area of the resized picture as if the rest were cut off afterwards", () => {
  for (const [name, width, height] of [
    ["small", 100, 41],
    ["tall", 90, 61], // columns before rows
  ] as const) {
    const image = readPng(`texture-${name}.png`);
    const whole = resizeImage(image, { width, height });
    const area = { left: 13, top: 7, width: 20, height: 30 };
    const part = resizeImage(image, { width, height, area });
    expect([part.width, part.height]).toEqual([20, 30]);
    for (let y = 0; y < area.height; y++) {
      const start = ((area.top + y) * width + area.left) * 3;
      const expected = whole.data.subarray(start, start + area.width * 3);
      expect(part.data.subarray(y * 60, y * 60 + 60)).toEqual(expected);
    }
  }
});
