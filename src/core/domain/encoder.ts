import type { Modality } from "./modality";

/** How token features become one vector. */
export type Pooling = "mean" | "cls" | "cls+mean" | "last";

/** One file an encoder needs, with the digest it must have. */
export interface EncoderFile {
  readonly role: "model" | "tokenizer" | "tokenizer-config";
  /** Relative to the site's base, e.g. `models/efficientnet-lite0/model.w16.onnx`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Pixels to tensor: `(x - mean) / std` per channel with x in 0..255, after a bicubic resize. */
export interface ImagePreprocessing {
  readonly kind: "image";
  readonly size: number;
  /** `squash`: to size × size, aspect ignored. */
  readonly fit: "squash";
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** Name of the session input. */
  readonly input: string;
}

export interface TextPreprocessing {
  readonly kind: "text";
  readonly maxTokens: number;
}

/** A frozen network as plain data, so that the UI can list what it must not load. */
export interface EncoderSpec {
  readonly id: string;
  readonly name: string;
  readonly modality: Modality;
  readonly summary: string;
  /** Upstream name and revision of the weights. */
  readonly source: string;
  readonly revision: string;
  readonly license: string;
  readonly parameters: number;
  /** Embedding width D. */
  readonly width: number;
  /** Session output that holds the pooled embedding, for each pooling the file offers. */
  readonly outputs: Partial<Record<Pooling, string>>;
  readonly preprocessing: ImagePreprocessing | TextPreprocessing;
  /** Raised whenever our preprocessing changes its numbers: part of every embedding's key. */
  readonly preprocessingVersion: number;
  readonly files: readonly EncoderFile[];
  /** Inputs with reference vectors, for the self-check on first load. */
  readonly parityPath: string;
  /** Milliseconds per item on one wasm thread of a plain laptop: a first guess for the ETA only. */
  readonly wasmMsPerItem: number;
}

/** Where a computation runs. */
export type Device = "webgpu" | "wasm" | "cpu";

/** What the visitor asks for; `auto` tries WebGPU when a real adapter exists and it pays. */
export type DevicePreference = "auto" | "webgpu" | "wasm";
