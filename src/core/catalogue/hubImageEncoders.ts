import type { EncoderSpec, ImagePreprocessing } from "../domain/encoder";

// Why fp32 files: they run on every device, where fp16 needs `shader-f16` and fails in mid-run
// without it, and dynamic int8 loses too much for retrieval in the vision towers (docs/encoders.md).

const HUB = {
  modality: "image",
  origin: "hub",
  verified: false,
  layers: [],
  preprocessingVersion: 1,
  parityPath: null,
} as const satisfies Partial<EncoderSpec>;

/** Mean and standard deviation of ImageNet's pixels (0.485, 0.456, 0.406 of 1), times 255. */
const IMAGENET = {
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
} as const satisfies Partial<ImagePreprocessing>;

/** Of CLIP's training pictures (0.48145466, 0.4578275, 0.40821073 of 1), times 255. */
const CLIP = {
  mean: [122.7709383, 116.7460125, 104.09373615],
  std: [68.5005327, 66.6321579, 70.32316305],
} as const satisfies Partial<ImagePreprocessing>;

/** Tokens [B, T, D] with CLS first, which we pool in three ways. */
const VIT_OUTPUTS = {
  cls: { tokens: "last_hidden_state", hasCls: true },
  mean: { tokens: "last_hidden_state", hasCls: true },
  "cls+mean": { tokens: "last_hidden_state", hasCls: true },
} as const satisfies EncoderSpec["outputs"];

const DINOV2_PREPROCESSING = {
  kind: "image",
  size: 224,
  fit: "crop",
  resize: 256,
  resample: "bicubic",
  ...IMAGENET,
  input: "pixel_values",
} as const satisfies ImagePreprocessing;

/** Image encoders of the Hugging Face hub, fetched only after the visitor agreed. */
export const HUB_IMAGE_ENCODERS: readonly EncoderSpec[] = [
  {
    ...HUB,
    id: "dinov2-small",
    name: "DINOv2-small",
    summary: "Vision transformer S/14, self-supervised: objects and parts without any labels.",
    source: "Xenova/dinov2-small",
    revision: "c2bb04a51fab207c420665f1946016107bffc701",
    license: "Apache-2.0",
    parameters: 22_100_000,
    width: 384,
    outputs: VIT_OUTPUTS,
    preprocessing: DINOV2_PREPROCESSING,
    files: [
      {
        role: "model",
        path: "onnx/model.onnx",
        sizeBytes: 88_459_888,
        sha256: "83141175ec78b4ff9a2bb58a4c7c264ba0054d1c2e122e5a8114b79a8d4179ea",
      },
    ],
    wasmMsPerItem: 500,
  },
  {
    ...HUB,
    id: "dinov2-base",
    name: "DINOv2-base",
    summary:
      "Vision transformer B/14, self-supervised: the larger of the two, four times the work.",
    source: "Xenova/dinov2-base",
    revision: "fef96735014749b0e195358c3fc42cc00b08378e",
    license: "Apache-2.0",
    parameters: 86_600_000,
    width: 768,
    outputs: VIT_OUTPUTS,
    preprocessing: DINOV2_PREPROCESSING,
    files: [
      {
        role: "model",
        path: "onnx/model.onnx",
        sizeBytes: null,
        sha256: "2c7a813d6e0d25784d0c29227760b08cb72f2bee9d928da935a31480a649bbce",
        listedBytes: 347_000_000,
      },
    ],
    wasmMsPerItem: 2000,
  },
  {
    ...HUB,
    id: "vit-base-patch16-224-in21k",
    name: "ViT-B/16 (ImageNet-21k)",
    summary: "The original vision transformer, trained with labels on 21,841 classes.",
    source: "Xenova/vit-base-patch16-224-in21k",
    revision: "096edaa7104fcb9389ba5ecf0751f6d9a3b6eb44",
    license: "Apache-2.0",
    parameters: 86_400_000,
    width: 768,
    outputs: VIT_OUTPUTS,
    preprocessing: {
      kind: "image",
      size: 224,
      fit: "squash",
      resample: "bilinear",
      mean: [127.5, 127.5, 127.5],
      std: [127.5, 127.5, 127.5],
      input: "pixel_values",
    },
    files: [
      {
        role: "model",
        path: "onnx/model.onnx",
        sizeBytes: null,
        sha256: null,
        listedBytes: 343_000_000,
      },
    ],
    wasmMsPerItem: 1500,
  },
  {
    ...HUB,
    id: "convnext-tiny-224",
    name: "ConvNeXt-tiny",
    summary:
      "Modern convolutional network trained on ImageNet-1k. The file ends in its 1,000 class scores: they are the embedding.",
    source: "Xenova/convnext-tiny-224",
    revision: "2d989c0a31d7ed2c87186ca6396eda0cf62e523a",
    license: "Apache-2.0",
    parameters: 28_600_000,
    width: 1000,
    outputs: { mean: "logits" },
    preprocessing: {
      kind: "image",
      size: 224,
      fit: "crop",
      resize: 256, // 224 / crop_pct 0.875
      resample: "bicubic",
      ...IMAGENET,
      input: "pixel_values",
    },
    files: [
      {
        role: "model",
        path: "onnx/model.onnx",
        sizeBytes: null,
        sha256: null,
        listedBytes: 115_000_000,
      },
    ],
    wasmMsPerItem: 400,
  },
  {
    ...HUB,
    id: "mobileclip-s0-vision",
    name: "MobileCLIP-S0 (vision)",
    summary: "Small and fast image tower of a CLIP model, already trained with captions.",
    source: "Xenova/mobileclip_s0",
    revision: "757d59c9c6870a76a4b0306f05f5061bca15c39f",
    license: "apple-amlr (research use)",
    parameters: 11_400_000,
    width: 512,
    outputs: { mean: "image_embeds" },
    preprocessing: {
      kind: "image",
      size: 256,
      fit: "crop",
      resize: 256,
      resample: "bilinear",
      mean: [0, 0, 0],
      std: [255, 255, 255],
      input: "pixel_values",
    },
    files: [
      {
        role: "model",
        path: "onnx/vision_model.onnx",
        sizeBytes: 45_543_630,
        sha256: "17d3c037b1d488c10c50e09f6009ea5a198caef4e0e8f4ea5617b7cb2d067ac0",
      },
    ],
    wasmMsPerItem: 200,
  },
  {
    ...HUB,
    id: "clip-vit-b32-vision",
    name: "CLIP ViT-B/32 (vision)",
    summary: "Image tower of OpenAI's CLIP: a reference point, since it knows captions already.",
    source: "Xenova/clip-vit-base-patch32",
    revision: "d15189d7028b43f1d3e65039190477f6af591c2a",
    license: "MIT",
    parameters: 87_800_000,
    width: 512,
    outputs: { cls: "image_embeds" },
    preprocessing: {
      kind: "image",
      size: 224,
      fit: "crop",
      resize: 224,
      resample: "bicubic",
      ...CLIP,
      input: "pixel_values",
    },
    files: [
      {
        role: "model",
        path: "onnx/vision_model.onnx",
        sizeBytes: 351_685_709,
        sha256: "fd6e1402a588279d1723c7534d4bcba5bc0b14b47dfab0e46f8c47b8270d7d40",
      },
    ],
    wasmMsPerItem: 400,
  },
];
