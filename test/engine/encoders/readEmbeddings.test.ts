import { expect, it } from "vitest";
import { encoderById } from "../../../src/core/catalogue/encoders";
import type { EmbeddingChoice, EncoderSpec } from "../../../src/core/domain/encoder";
import { outputNames, readEmbeddings } from "../../../src/engine/encoders/readEmbeddings";

const spec: EncoderSpec = {
  ...encoderById("efficientnet-lite0"),
  id: "e",
  width: 2,
  outputs: {
    mean: "pooled",
    cls: { tokens: "tokens", hasCls: true },
    "cls+mean": { tokens: "tokens", hasCls: true },
  },
  layers: [
    { id: "l0", name: "layer 0", output: "layers", index: 0, width: 3 },
    { id: "l1", name: "layer 1", output: "layers", index: 1, width: 3 },
  ],
};
const choose = (change: Partial<EmbeddingChoice>): EmbeddingChoice => ({
  id: "e",
  pooling: "mean",
  layer: null,
  ...change,
});
const tensor = (dims: number[]) => ({
  data: Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => i),
  dims,
});
const read = (
  change: Partial<EmbeddingChoice>,
  outputs: Record<string, ReturnType<typeof tensor>>,
) => [...readEmbeddings(outputs, { spec, choice: choose(change), rows: 2 }).data];

it("asks the session for each output once", () => {
  const choices = [
    choose({}),
    choose({ pooling: "cls" }),
    choose({ pooling: "cls+mean" }),
    choose({ layer: "l0" }),
    choose({ layer: "l1" }),
  ];
  expect(outputNames(spec, choices)).toEqual(["pooled", "tokens", "layers"]);
  expect(() => outputNames(spec, [choose({ pooling: "last" })])).toThrow(
    expect.objectContaining({ code: "encoder/missing" }),
  );
});

it("takes a pooled output as it is, also with empty axes at its end", () => {
  expect(read({}, { pooled: tensor([2, 2]) })).toEqual([0, 1, 2, 3]);
  expect(read({}, { pooled: tensor([2, 2, 1, 1]) })).toEqual([0, 1, 2, 3]);
});

it("takes its own row of a stack of layers", () => {
  const layers = tensor([2, 2, 3]);
  expect(read({ layer: "l0" }, { layers })).toEqual([0, 1, 2, 6, 7, 8]);
  expect(read({ layer: "l1" }, { layers })).toEqual([3, 4, 5, 9, 10, 11]);
});

it("pools tokens, the mean without CLS", () => {
  const tokens = tensor([2, 3, 2]);
  expect(read({ pooling: "cls" }, { tokens })).toEqual([0, 1, 6, 7]);
  expect(read({ pooling: "cls+mean" }, { tokens })).toEqual([0, 1, 3, 4, 6, 7, 9, 10]);
});

it("leaves padding out by the mask of the batch", () => {
  const text: EncoderSpec = {
    ...spec,
    modality: "text",
    outputs: { mean: { tokens: "tokens", hasCls: true } },
  };
  const mask = BigInt64Array.of(1n, 1n, 0n, 1n, 0n, 0n);
  const options = { spec: text, choice: choose({}), rows: 2, mask };
  expect([...readEmbeddings({ tokens: tensor([2, 3, 2]) }, options).data]).toEqual([1, 2, 6, 7]);
});

it.each<[string, Partial<EmbeddingChoice>, Record<string, ReturnType<typeof tensor>>]>([
  ["absent", {}, {}],
  ["of another width", {}, { pooled: tensor([2, 5]) }],
  ["of another batch", {}, { pooled: tensor([1, 2]) }],
  ["tokens where a vector was promised", {}, { pooled: tensor([2, 2, 2]) }],
  ["a vector where tokens were promised", { pooling: "cls" }, { tokens: tensor([2, 2]) }],
  ["a stack too short", { layer: "l1" }, { layers: tensor([2, 1, 3]) }],
])("names an output that is %s, with the shape it has", (_name, change, outputs) => {
  expect(() => read(change, outputs)).toThrow(
    expect.objectContaining({
      code: "encoder/failed",
      detail: expect.stringMatching(/^output “\w+” is (absent|\[[\d, ]+\]); expected 2 items/),
    }),
  );
});

it("pools only the first tokens of a sound, where the rest is the silence after its clip", () => {
  const sound: EncoderSpec = {
    ...spec,
    modality: "audio",
    outputs: { mean: { tokens: "tokens", hasCls: false } },
  };
  const outputs = { tokens: tensor([2, 3, 2]) };
  const options = { spec: sound, choice: choose({}), rows: 2 };
  expect([...readEmbeddings(outputs, options).data]).toEqual([2, 3, 8, 9]);
  expect([...readEmbeddings(outputs, { ...options, heard: [part(1), part(2)] }).data]).toEqual([
    0, 1, 7, 8,
  ]);
  expect([...readEmbeddings(outputs, { ...options, heard: [part(3), part(0.1)] }).data]).toEqual([
    2, 3, 6, 7,
  ]);
  const withCls = { ...sound, outputs: { mean: { tokens: "tokens", hasCls: true } } };
  const first = { ...options, spec: withCls, heard: [part(1), part(3)] };
  expect([...readEmbeddings(outputs, first).data]).toEqual([2, 3, 9, 10]);
});

it("reads tokens whose channels come first", () => {
  const turned = { tokens: "tokens", hasCls: false, channelsFirst: true };
  const sound: EncoderSpec = { ...spec, modality: "audio", outputs: { mean: turned, cls: turned } };
  const outputs = { tokens: tensor([2, 2, 3]) };
  const read = (pooling: "mean" | "cls", heard?: { samples: number; of: number }[]) => [
    ...readEmbeddings(outputs, {
      ...{ spec: sound, choice: choose({ pooling }), rows: 2 },
      ...(heard && { heard }),
    }).data,
  ];
  expect(read("mean")).toEqual([1, 4, 7, 10]);
  expect(read("cls")).toEqual([0, 3, 6, 9]);
  expect(read("mean", [part(2), part(1)])).toEqual([0.5, 3.5, 6, 9]);
});

/** So many of three tokens. */
const part = (samples: number) => ({ samples, of: 3 });
