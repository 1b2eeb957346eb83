import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { expect, it } from "vitest";
import { onWhite } from "../../../src/engine/encoders/preprocessImage";
import { resizeBicubic, type RgbImage } from "../../../src/engine/encoders/resizeBicubic";

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
    const actual = resizeBicubic(readPng(`texture-${name}.png`), 224, 224);
    expect([actual.width, actual.height]).toEqual([224, 224]);
    const differing = actual.data.filter((value, i) => value !== expected.data[i]);
    expect(differing.length).toBe(0);
  },
);

it("keeps a picture of the right size as it is", () => {
  const image = readPng("texture-small.png");
  expect(resizeBicubic(image, image.width, image.height).data).toEqual(image.data);
});

it("keeps a plain colour plain, up to white and down to one pixel", () => {
  for (const value of [0, 1, 128, 255]) {
    expect(new Set(resizeBicubic(plain(1, 1, value), 7, 5).data)).toEqual(new Set([value]));
    expect(new Set(resizeBicubic(plain(33, 21, value), 4, 9).data)).toEqual(new Set([value]));
  }
});

it("puts transparent parts on white and leaves opaque ones alone", () => {
  const rgba = Uint8ClampedArray.of(10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 200, 51);
  const { data } = onWhite({ data: rgba, width: 3, height: 1 });
  expect([...data]).toEqual([10, 20, 30, 255, 255, 255, 204, 224, 244]);
});
