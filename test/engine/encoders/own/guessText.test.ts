import { expect, it } from "vitest";
import { guessText } from "../../../../src/engine/encoders/own/guessText";
import { offerOutputs } from "../../../../src/engine/encoders/own/offerOutputs";

const none = {
  config: undefined,
  tokenizerConfig: undefined,
  sentenceBert: undefined,
  fixedTokens: undefined,
};
const tokens = (settings: Partial<Parameters<typeof guessText>[0]>) =>
  guessText({ ...none, ...settings }).preprocessing.maxTokens;

it("takes the smallest limit any file states", () => {
  const config = { max_position_embeddings: 512 };
  expect(tokens({ config, tokenizerConfig: { model_max_length: 384 } })).toBe(384);
  expect(tokens({ config, sentenceBert: { max_seq_length: 256 } })).toBe(256);
});

it("leaves out the two positions RoBERTa's family never uses", () => {
  expect(tokens({ config: { model_type: "roberta", max_position_embeddings: 514 } })).toBe(512);
  expect(tokens({ config: { model_type: "mpnet", max_position_embeddings: 130 } })).toBe(128);
});

it("stays at 512 where a file means no limit, and says so where none states one", () => {
  const unlimited = { model_max_length: 1e30 };
  expect(tokens({ tokenizerConfig: unlimited })).toBe(512);
  expect(guessText({ ...none, tokenizerConfig: unlimited }).isCertain).toBe(false);
  expect(guessText(none).reasons).toHaveLength(1);
  expect(tokens({ config: { max_position_embeddings: 8192 } })).toBe(512);
});

it("pads to what the network's input fixes", () => {
  expect(guessText({ ...none, fixedTokens: 77 })).toMatchObject({
    preprocessing: { maxTokens: 77, padTo: 77 },
    isCertain: true,
  });
});

const output = (...dims: number[]) => ({ data: new Float32Array(0), dims });

it.each<[string, number[], object]>([
  ["a vector", [1, 512], { kind: "pooled", width: 512 }],
  ["a vector with empty axes", [1, 512, 1, 1], { kind: "pooled", width: 512 }],
  ["patches and CLS", [1, 197, 768], { kind: "tokens", width: 768, hasCls: true }],
  ["patches alone", [1, 196, 768], { kind: "tokens", width: 768, hasCls: false }],
  ["a feature map", [1, 768, 7, 7], { kind: "map", width: 768 }],
  ["no batch", [768], { kind: null }],
  ["another batch", [12, 768], { kind: null, reason: expect.stringMatching(/batch/) }],
  ["nothing", [1, 0], { kind: null }],
  ["attentions", [1, 12, 7, 7, 7], { kind: null }],
])("takes %s for what it is", (_name, dims, expected) => {
  expect(offerOutputs({ a: output(...dims) }, "image", [])).toEqual([
    expect.objectContaining(expected),
  ]);
});

it("takes the axis that follows the clip for time, where the file tells it", () => {
  const offer = (shape: (number | string)[]) => {
    const declared = [{ name: "a", type: "float32", shape }];
    return offerOutputs({ a: output(1, 512, 49) }, "audio", declared)[0];
  };
  expect(offer(["N", 512, "T"])).toMatchObject({ kind: "tokens", channelsFirst: true, width: 512 });
  expect(offer(["N", "T", 49])).toMatchObject({ channelsFirst: false, width: 49, hasCls: false });
  expect(offer([])).toMatchObject({ channelsFirst: false, width: 49 });
});

it("puts the likeliest embedding first and the useless last", () => {
  const names = offerOutputs(
    {
      scalar: output(1),
      other: output(1, 4),
      last_hidden_state: output(1, 5, 4),
      sentence_embedding: output(1, 4),
    },
    "text",
    [],
  ).map(({ name }) => name);
  expect(names).toEqual(["sentence_embedding", "last_hidden_state", "other", "scalar"]);
});
