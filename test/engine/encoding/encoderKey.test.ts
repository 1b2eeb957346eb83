import { expect, it } from "vitest";
import { encoderById } from "../../../src/core/catalogue/encoders";
import type { EncoderSpec } from "../../../src/core/domain/encoder";
import { encoderKey } from "../../../src/engine/encoding/encoderKey";

const spec = encoderById("efficientnet-lite0");
const [file] = spec.files;
const preprocessing = spec.preprocessing!;
const MEAN = { id: spec.id, pooling: "mean", layer: null } as const;
const CLS = { ...MEAN, pooling: "cls" } as const;

it("is the same for the same ingredients, in whatever order they are written", async () => {
  const key = await encoderKey(spec, MEAN);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  const turned = Object.fromEntries(Object.entries(preprocessing).reverse());
  const same = { ...spec, preprocessing: turned as unknown as EncoderSpec["preprocessing"] };
  expect(await encoderKey(same, MEAN)).toBe(key);
});

it("does not change with what the user merely reads", async () => {
  const renamed = { ...spec, name: "Another", summary: "", wasmMsPerItem: 1, parityPath: "x" };
  expect(await encoderKey(renamed, MEAN)).toBe(await encoderKey(spec, MEAN));
});

it.each<[string, Partial<EncoderSpec>]>([
  ["id", { id: "other" }],
  ["revision", { revision: "0.1.1" }],
  ["weights", { files: [{ ...file!, sha256: "0".repeat(64) }] }],
  ["output", { outputs: { mean: "stage7" } }],
  [
    "preprocessing",
    { preprocessing: { ...preprocessing, size: 128 } as EncoderSpec["preprocessing"] },
  ],
  ["preprocessing version", { preprocessingVersion: 2 }],
])("changes with the %s", async (_name, change) => {
  expect(await encoderKey({ ...spec, ...change }, MEAN)).not.toBe(await encoderKey(spec, MEAN));
});

it("changes with the pooling, and refuses one the encoder does not offer", async () => {
  const both = { ...spec, outputs: { mean: "pooled", cls: "pooled" } };
  expect(await encoderKey(both, CLS)).not.toBe(await encoderKey(both, MEAN));
  await expect(encoderKey(spec, CLS)).rejects.toMatchObject({ code: "encoder/missing" });
});

// What visitors have stored: were one of these to change, everything they encoded would be encoded
// again. Raise `preprocessingVersion` when numbers change on purpose.
it.each([
  ["efficientnet-lite0", null, "9d5dd6508da22a74ea60192d882887ee5fdb02d53eea557eb5764f3f818941ac"],
  [
    "efficientnet-lite0",
    "stage7",
    "a773fe4c9b63450234f5c95e6418d54ad57eb9617de0fc7fa9ac411323e5ed48",
  ],
  ["all-minilm-l6-v2", null, "45f1450c241a2da4e1a94d87ad3beb9b0e613cafb2801cb20c209b1336fbea01"],
  [
    "all-minilm-l6-v2",
    "layer6",
    "5efb302311292494e4ea6d02d0fa6fef0faeaa07b26d329a7c589242f93538dd",
  ],
])("stays what it was for %s, layer %s", async (id, layer, key) => {
  expect(await encoderKey(encoderById(id), { id, pooling: "mean", layer })).toBe(key);
});
