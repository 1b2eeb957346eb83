import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readOnnxOutline } from "../../../src/core/formats/onnxOutline";
import { tinyCaptionModel, tinyModel, tinyPictureModel } from "../../support/tinyModel";

const MODELS = join(import.meta.dirname, "../../../public/models");
const unsupported = expect.objectContaining({ code: "encoder/unsupported" });

// Figures of the Python package onnx 1.23.
it.each([
  ["efficientnet-lite0/model.w16.onnx", 173, 17],
  ["all-minilm-l6-v2/model.w8.onnx", 423, 17],
])("counts the nodes of %s as onnx does", (path, nodes, opset) => {
  const outline = readOnnxOutline(readFileSync(join(MODELS, path)));
  expect(outline).toMatchObject({ nodes, opset, externalFiles: [] });
});

it("counts the nodes inside a loop too", () => {
  expect(readOnnxOutline(tinyPictureModel()).nodes).toBe(8);
  expect(readOnnxOutline(tinyPictureModel({ fault: "endless" })).nodes).toBe(10);
});

it("names the file that holds the weights", () => {
  const model = tinyPictureModel({ external: "model.onnx_data" });
  expect(readOnnxOutline(model).externalFiles).toEqual(["model.onnx_data"]);
});

it.each<[string, Uint8Array]>([
  ["nothing", new Uint8Array()],
  ["a web page", new TextEncoder().encode("<!doctype html><title>404</title>")],
  ["a zip", new Uint8Array(readFileSync(join(MODELS, "../samples/emoji.zip"))).subarray(0, 4096)],
  ["a length beyond the end", Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
  ["a number that never ends", new Uint8Array(64).fill(0xff)],
  ["a graph that is a number", Uint8Array.of(0x38, 1)],
])("refuses %s", (_name, bytes) => {
  expect(() => readOnnxOutline(bytes)).toThrow(unsupported);
});

it("refuses graphs nested without end, instead of running out of stack", () => {
  const nest = (inner: number[], depth: number): number[] =>
    depth === 0 ? inner : nest(wrap(1, wrap(5, wrap(6, inner))), depth - 1);
  const wrap = (id: number, content: number[]) => [
    id * 8 + 2,
    ...lengthOf(content.length),
    ...content,
  ];
  const lengthOf = (size: number) =>
    size < 128 ? [size] : [(size % 128) | 128, Math.floor(size / 128)];
  const bytes = Uint8Array.from(wrap(7, nest([], 40)));
  expect(() => readOnnxOutline(bytes)).toThrow(/nested/);
});

it("reads every truncation of a model as an outline or an error, never past the end", () => {
  const model = tinyModel();
  for (let length = 0; length < model.length; length += 37) {
    expect(() => readOnnxOutline(model.subarray(0, length))).toThrow(unsupported);
  }
});

it("answers any change of bytes with an outline or `encoder/unsupported`", () => {
  const model = tinyCaptionModel(8);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(model.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      (changes) => {
        const bytes = model.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          readOnnxOutline(bytes);
        } catch (thrown) {
          expect(thrown).toEqual(unsupported);
        }
      },
    ),
    { numRuns: 500 },
  );
});
