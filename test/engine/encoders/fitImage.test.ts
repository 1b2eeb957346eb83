import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PNG } from "pngjs";
import { expect, it } from "vitest";
import type { ImagePreprocessing } from "../../../src/core/domain/encoder";
import { fitImage } from "../../../src/engine/encoders/fitImage";
import { onWhite, writePixels } from "../../../src/engine/encoders/preprocessImage";

const GOLDEN = join(import.meta.dirname, "../../fixtures/golden-vectors");

type Case = Pick<ImagePreprocessing, "fit" | "size" | "resize" | "resample"> & {
  readonly texture: string;
  readonly sha256: string;
};
const cases = JSON.parse(readFileSync(join(GOLDEN, "preprocess.json"), "utf8")) as Case[];

const textures = new Map(
  ["small", "strip", "tall", "wide"].map((name) => {
    const { data, width, height } = PNG.sync.read(
      readFileSync(join(GOLDEN, `texture-${name}.png`)),
    );
    return [name, onWhite({ data: new Uint8ClampedArray(data), width, height })];
  }),
);

it.each(cases)("fits as Pillow, byte for byte: $texture $fit $size $resize $resample", (wanted) => {
  const { data, width, height } = fitImage(textures.get(wanted.texture)!, wanted);
  expect([width, height]).toEqual([wanted.size, wanted.size]);
  expect(createHash("sha256").update(data).digest("hex")).toBe(wanted.sha256);
});

it("keeps a line of one pixel visible, whatever the fit", () => {
  for (const [width, height] of [
    [1000, 1],
    [1, 1000],
    [1, 1],
  ] as const) {
    const image = { data: new Uint8Array(width * height * 3), width, height };
    for (const fit of ["squash", "crop", "pad"] as const) {
      const { data } = fitImage(image, { fit, size: 8, resize: 9 });
      expect(data).toHaveLength(8 * 8 * 3);
      expect(data).toContain(0);
    }
  }
});

it("pads with white before it normalises", () => {
  const out = new Float32Array(3 * 4 * 4);
  const image = { data: new Uint8Array(4 * 2 * 3), width: 4, height: 2 };
  writePixels(
    image,
    {
      ...{ kind: "image", size: 4, fit: "pad", input: "x" },
      mean: [0, 0, 0],
      std: [255, 255, 255],
    },
    out,
  );
  expect([...out.subarray(0, 16)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
});
