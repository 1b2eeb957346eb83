import { expect, it } from "vitest";
import type { HubMember } from "../../../src/core/domain/hub";
import { readSensePack, writeSensePack, type SensePack } from "../../../src/core/formats/sensePack";

const DIGEST = "ab".repeat(32);
const recall = { "10": { value: 0.9, low: 0.8, high: 0.95 } };
const result = {
  ...{ gallery: 33, queries: 66, medianRank: 1, meanRank: 2.5, meanReciprocalRank: 0.7 },
  recall,
};

const MEMBER: SensePack["member"] = {
  id: "6f1c8a52-0000-4000-8000-000000000001",
  modality: "audio",
  name: "Spoken names",
  encoder: { id: "random-kernels", pooling: "mean", layer: null },
  encoderKey: DIGEST,
  digest: DIGEST,
  projector: {
    kind: "layer-norm-linear",
    modality: "audio",
    inputWidth: 3,
    dimension: 2,
    tensors: {
      weight: { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6.5) },
      scalar: { shape: [], data: Float32Array.of(-0.25) },
    },
  },
  joined: {
    ...{ at: 1, hubDigest: DIGEST, followed: 3, leftOut: 0, seed: 0, device: "wasm" },
    anchors: [{ memberId: "text", digest: DIGEST, pairs: 60 }],
    splits: { train: 50, validation: 5, test: 5 },
    training: {
      ...{ steps: 200, batchSize: 32, fuseMix: true, dimension: 2, dropout: 0.1, patience: null },
    },
    history: [{ step: 10, loss: 2.5, logitScale: 14, learningRate: 1e-3, elapsedMs: 5 }],
    best: { step: 10, score: 0.5 },
    elapsedMs: 1234.5,
    paths: [
      {
        ...{ from: "image", to: "text", kind: "emergent", hops: 2, measure: "retrieval", result },
        ...{ chance: { "10": 0.3 }, shuffled: recall, ridge: null },
      },
    ],
    check: null,
  } as HubMember["joined"],
};

const PACK: SensePack = {
  hub: { name: "Emoji", digest: DIGEST, dimension: 2 },
  encoder: {
    ...{ name: "Random kernels", source: "own", revision: "1", license: "Apache-2.0" },
    files: [{ path: "models/random-kernels/model.onnx", sha256: DIGEST }],
  },
  member: MEMBER,
  data: DIGEST,
};

/** The file with its JSON changed, lengths kept true. */
function changed(change: (json: string) => string): Uint8Array<ArrayBuffer> {
  const file = writeSensePack(PACK);
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const json = new TextDecoder().decode(file.subarray(8, 8 + length));
  const header = new TextEncoder().encode(change(json));
  const out = new Uint8Array(8 + header.length + file.length - 8 - length);
  new DataView(out.buffer).setBigUint64(0, BigInt(header.length), true);
  out.set(header, 8);
  out.set(file.subarray(8 + length), 8 + header.length);
  return out;
}

it("gives back what was packed, to the bit", () => {
  expect(readSensePack(writeSensePack(PACK))).toEqual(PACK);
});

it("keeps numbers JSON cannot write out of its tensors, and other languages in its names", () => {
  const named = { ...PACK, member: { ...MEMBER, name: "Vögel “überall” 🐦" } };
  expect(readSensePack(writeSensePack(named)).member.name).toBe("Vögel “überall” 🐦");
});

it.each([
  ["no safetensors file", new Uint8Array([1, 2, 3])],
  ["cut off", writeSensePack(PACK).slice(0, 200)],
  ["another format", changed((json) => json.replace("playground-sense", "playground-nonsense"))],
  ["a newer version", changed((json) => json.replace('\\"version\\":1', '\\"version\\":2'))],
  ["a projector of another kind", changed((json) => json.replace("layer-norm-linear", "eval"))],
  [
    "a projector of another modality",
    changed((json) => json.replace('"modality":"audio"', '"modality":"image"')),
  ],
  ["no digest", changed((json) => json.replaceAll(DIGEST, "none"))],
])("refuses %s, naming what is wrong", (_, file) => {
  expect(() => readSensePack(file)).toThrow(expect.objectContaining({ code: "hub/pack" }) as Error);
});

it("refuses a projector with NaN", () => {
  const projector = {
    ...MEMBER.projector,
    tensors: { weight: { shape: [1], data: Float32Array.of(Number.NaN) } },
  };
  const file = writeSensePack({ ...PACK, member: { ...MEMBER, projector } });
  expect(() => readSensePack(file)).toThrow("NaN");
});
