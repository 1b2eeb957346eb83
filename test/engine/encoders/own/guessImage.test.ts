import { expect, it } from "vitest";
import { guessImage } from "../../../../src/engine/encoders/own/guessImage";

const free = { input: "pixel_values", fixedSize: undefined };
const IMAGENET = { image_mean: [0.485, 0.456, 0.406], image_std: [0.229, 0.224, 0.225] };
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 3));

// The files as their repositories publish them, without what is of no use here.
it("reads ViT's: squashed to 224, bilinear, 0.5", () => {
  const { preprocessing, isCertain } = guessImage(
    {
      do_normalize: true,
      do_resize: true,
      image_mean: [0.5, 0.5, 0.5],
      image_std: [0.5, 0.5, 0.5],
      resample: 2,
      size: 224,
    },
    free,
  );
  expect(preprocessing).toEqual({
    ...{ kind: "image", input: "pixel_values", size: 224, fit: "squash", resample: "bilinear" },
    mean: near([127.5, 127.5, 127.5]),
    std: near([127.5, 127.5, 127.5]),
  });
  expect(isCertain).toBe(true);
});

it("reads CLIP's: shortest edge to 224, centre of 224", () => {
  const size = { do_center_crop: true, do_resize: true, resample: 3, crop_size: 224, size: 224 };
  const { preprocessing } = guessImage({ ...IMAGENET, ...size }, free);
  expect(preprocessing).toMatchObject({ size: 224, fit: "crop", resize: 224 });
});

it("reads DINOv2's: shortest edge to 256, centre of 224", () => {
  const { preprocessing } = guessImage(
    {
      ...IMAGENET,
      crop_size: { height: 224, width: 224 },
      do_center_crop: true,
      do_rescale: true,
      rescale_factor: 0.00392156862745098,
      resample: 3,
      size: { shortest_edge: 256 },
    },
    free,
  );
  expect(preprocessing).toMatchObject({ size: 224, fit: "crop", resize: 256, resample: "bicubic" });
  expect(preprocessing.mean).toEqual(near([123.675, 116.28, 103.53]));
  expect(preprocessing.std).toEqual(near([58.395, 57.12, 57.375]));
});

it("reads ConvNeXt's crop_pct: enlarged and cropped below 384, squashed from there on", () => {
  const at = (edge: number) =>
    guessImage({ ...IMAGENET, resample: 3, crop_pct: 0.875, size: { shortest_edge: edge } }, free)
      .preprocessing;
  expect(at(224)).toMatchObject({ size: 224, fit: "crop", resize: 256 });
  expect(at(384)).toMatchObject({ size: 384, fit: "squash" });
});

it("leaves numbers alone that are not rescaled or normalised", () => {
  const plain = { resample: 3, size: 64, do_normalize: false };
  expect(guessImage(plain, free).preprocessing).toMatchObject({
    mean: [0, 0, 0],
    std: near([255, 255, 255]),
  });
  const raw = guessImage({ ...plain, do_rescale: false }, free).preprocessing;
  expect(raw).toMatchObject({ mean: [0, 0, 0], std: [1, 1, 1] });
});

it("lets the network's own input size win, and says so", () => {
  const settings = { ...IMAGENET, resample: 3, crop_size: 224, size: { shortest_edge: 256 } };
  const { preprocessing, reasons, isCertain } = guessImage(settings, { ...free, fixedSize: 112 });
  expect(preprocessing).toMatchObject({ size: 112, resize: 128 });
  expect(reasons[0]).toMatch(/112 × 112.*says 224/);
  expect(isCertain).toBe(false);
});

it("assumes what is usual without a file, and asks", () => {
  const { preprocessing, isCertain, reasons } = guessImage(undefined, { ...free, fixedSize: 112 });
  expect(preprocessing).toMatchObject({ size: 112, fit: "crop", resize: 128 });
  expect([isCertain, reasons.length]).toEqual([false, 1]);
});

it.each<[string, Record<string, unknown>]>([
  ["no size", { ...IMAGENET, resample: 3 }],
  ["no numbers", { size: 224, resample: 3 }],
  ["a filter we lack", { ...IMAGENET, size: 224, resample: 1 }],
  ["no filter", { ...IMAGENET, size: 224 }],
  ["a deviation of zero", { ...IMAGENET, image_std: [0, 1, 1], size: 224, resample: 3 }],
  ["a deviation of words", { ...IMAGENET, image_std: ["a", "b", "c"], size: 224, resample: 3 }],
])("says what it assumed for %s", (_name, settings) => {
  const { reasons, isCertain, preprocessing } = guessImage(settings, free);
  expect([reasons.length, isCertain]).toEqual([1, false]);
  expect(preprocessing.size).toBe(224);
  expect(preprocessing.std.every((value) => value > 0)).toBe(true);
});

it("refuses what is not a square", () => {
  const settings = { ...IMAGENET, resample: 3, size: { height: 224, width: 112 } };
  expect(() => guessImage(settings, free)).toThrow(/112 × 224 pixels, not a square/);
});
