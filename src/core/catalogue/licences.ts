/** Licences of what ships with the page, by SPDX id; each text is served at `licenses/<id>.txt`. */
export const LICENCE_IDS = [
  "Apache-2.0",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "MPL-2.0",
  "OFL-1.1",
  "Unicode-3.0",
  "Unlicense",
] as const;
export type LicenceId = (typeof LICENCE_IDS)[number];

/** One thing that ships with the page; ours are only the random kernels. */
export interface LicenceEntry {
  readonly name: string;
  readonly version: string;
  readonly licence: LicenceId;
  /** The notice its licence asks to keep. */
  readonly copyright: string;
  /** What the page uses it for. */
  readonly use: string;
  readonly kind: "model" | "data" | "font" | "library";
}

/** Path of a licence's full text, relative to the site's base. */
export function licencePath(id: LicenceId): string {
  return `licenses/${id}.txt`;
}

/** Everything third-party in the built site, in the order the Licences page lists it. */
export const LICENCES = [
  {
    name: "EfficientNet-Lite0",
    version: "0.1.0",
    licence: "Apache-2.0",
    copyright: "Copyright Google LLC",
    use: "image encoder, exported to ONNX with fp16 weights",
    kind: "model",
  },
  {
    name: "all-MiniLM-L6-v2",
    version: "0.1.2",
    licence: "Apache-2.0",
    copyright: "Copyright the sentence-transformers authors",
    use: "text encoder and its tokenizer, exported to ONNX with int8 weights",
    kind: "model",
  },
  {
    name: "Random kernels",
    version: "1",
    licence: "Apache-2.0",
    copyright: "Copyright the Alignment Playground authors",
    use: "sound encoder, drawn from a seed by this project",
    kind: "model",
  },
  {
    name: "Noto Emoji",
    version: "1.2.9",
    licence: "Apache-2.0",
    copyright: "Copyright Google LLC",
    use: "pictures of the emoji sample, drawn at 96 px",
    kind: "data",
  },
  {
    name: "Fluent Emoji (flat)",
    version: "1.2.6",
    licence: "MIT",
    copyright: "Copyright (c) Microsoft Corporation",
    use: "pictures of the emoji sample, drawn at 96 px",
    kind: "data",
  },
  {
    name: "emojibase-data",
    version: "17.0.0",
    licence: "MIT",
    copyright: "Copyright (c) Miles Johnson",
    use: "names, keywords and categories of the emoji sample",
    kind: "data",
  },
  {
    name: "Unicode CLDR",
    version: "as in emojibase-data 17.0.0",
    licence: "Unicode-3.0",
    copyright: "Copyright © 1991-2023 Unicode, Inc.",
    use: "the emoji names and keywords that emojibase-data is made from",
    kind: "data",
  },
  {
    name: "CLIP prompt templates",
    version: "2021",
    licence: "MIT",
    copyright: "Copyright (c) 2021 OpenAI",
    use: "the words of the zero-shot presets clip-1, clip-7 and clip-80",
    kind: "data",
  },
  {
    name: "@fontsource-variable/inter",
    version: "5.3.0",
    licence: "OFL-1.1",
    copyright: "Copyright 2016 The Inter Project Authors",
    use: "the typeface Inter",
    kind: "font",
  },
  {
    name: "onnxruntime-web",
    version: "1.30.0",
    licence: "MIT",
    copyright: "Copyright (c) Microsoft Corporation",
    use: "runs the encoders",
    kind: "library",
  },
  {
    name: "Eigen",
    version: "as in onnxruntime-web 1.30.0",
    licence: "MPL-2.0",
    copyright: "Copyright the Eigen authors",
    use: "linear algebra inside ONNX Runtime; its source is public at the Eigen project",
    kind: "library",
  },
  {
    name: "ONNX",
    version: "as in onnxruntime-web 1.30.0",
    licence: "Apache-2.0",
    copyright: "Copyright (c) ONNX Project Contributors",
    use: "the model format inside ONNX Runtime",
    kind: "library",
  },
  {
    name: "Protocol Buffers",
    version: "as in onnxruntime-web 1.30.0",
    licence: "BSD-3-Clause",
    copyright: "Copyright 2008 Google Inc.",
    use: "reads model files inside ONNX Runtime",
    kind: "library",
  },
  {
    name: "FlatBuffers",
    version: "25.9.23",
    licence: "Apache-2.0",
    copyright: "Copyright Google Inc.",
    use: "reads model files inside ONNX Runtime",
    kind: "library",
  },
  ...[
    ["@tensorflow/tfjs", "trains projectors"],
    ["@tensorflow/tfjs-core", "tensors and gradients"],
    ["@tensorflow/tfjs-backend-cpu", "trains without WebAssembly or WebGPU"],
    ["@tensorflow/tfjs-backend-wasm", "trains in WebAssembly"],
    ["@tensorflow/tfjs-backend-webgpu", "trains on the graphics processor"],
  ].map(([name = "", use = ""]) => ({
    name,
    version: "4.22.0",
    licence: "Apache-2.0" as const,
    copyright: "Copyright Google LLC",
    use,
    kind: "library" as const,
  })),
  {
    name: "XNNPACK",
    version: "as in tfjs-backend-wasm 4.22.0",
    licence: "BSD-3-Clause",
    copyright: "Copyright (c) Facebook, Inc. and its affiliates; Copyright 2019 Google LLC",
    use: "kernels inside the WebAssembly backend",
    kind: "library",
  },
  {
    name: "long",
    version: "4.0.0",
    licence: "Apache-2.0",
    copyright: "Copyright Daniel Wirtz",
    use: "64-bit integers inside TensorFlow.js",
    kind: "library",
  },
  {
    name: "seedrandom",
    version: "3.0.5",
    licence: "MIT",
    copyright: "Copyright 2019 David Bau",
    use: "random numbers inside TensorFlow.js",
    kind: "library",
  },
  {
    name: "@huggingface/tokenizers",
    version: "0.2.0",
    licence: "Apache-2.0",
    copyright: "Copyright Hugging Face",
    use: "splits captions into tokens",
    kind: "library",
  },
  {
    name: "@zip.js/zip.js",
    version: "2.24.0",
    licence: "BSD-3-Clause",
    copyright: "Copyright (c) 2023, Gildas Lormeau",
    use: "reads zip archives",
    kind: "library",
  },
  {
    name: "papaparse",
    version: "5.7.1",
    licence: "MIT",
    copyright: "Copyright (c) 2015 Matthew Holt",
    use: "reads CSV files",
    kind: "library",
  },
  {
    name: "hyparquet",
    version: "1.31.5",
    licence: "MIT",
    copyright: "Copyright (c) Kenny Daniel, Hyperparam",
    use: "reads Parquet files",
    kind: "library",
  },
  {
    name: "hyparquet-writer",
    version: "0.17.0",
    licence: "MIT",
    copyright: "Copyright (c) Kenny Daniel, Hyperparam",
    use: "writes Parquet files",
    kind: "library",
  },
  {
    name: "client-zip",
    version: "2.5.1",
    licence: "MIT",
    copyright: "Copyright 2020 David Junger",
    use: "writes zip files",
    kind: "library",
  },
  {
    name: "hyparquet-compressors",
    version: "1.1.2",
    licence: "MIT",
    copyright: "Copyright (c) Kenny Daniel, Hyperparam",
    use: "unpacks compressed Parquet columns",
    kind: "library",
  },
  {
    name: "mediabunny",
    version: "1.61.0",
    licence: "MPL-2.0",
    copyright: "Copyright (c) 2026-present, Vanilagy and contributors",
    use: "takes recordings apart, unchanged; its source is public at github.com/Vanilagy/mediabunny",
    kind: "library",
  },
  {
    name: "hash-wasm",
    version: "4.13.0",
    licence: "MIT",
    copyright: "Copyright (c) 2020 Dani Biró",
    use: "SHA-256 of files in pieces",
    kind: "library",
  },
  {
    name: "idb",
    version: "8.0.4",
    licence: "ISC",
    copyright: "Copyright (c) 2016, Jake Archibald",
    use: "IndexedDB as promises",
    kind: "library",
  },
  ...[
    ["react", "19.3.1"],
    ["react-dom", "19.3.1"],
    ["scheduler", "0.28.0"],
    ["use-sync-external-store", "1.7.0"],
  ].map(([name = "", version = ""]) => ({
    name,
    version,
    licence: "MIT" as const,
    copyright: "Copyright (c) Meta Platforms, Inc. and affiliates.",
    use: "draws the page",
    kind: "library" as const,
  })),
  {
    name: "wouter",
    version: "3.13.0",
    licence: "Unlicense",
    copyright: "Dedicated to the public domain by Alexey Taktarov",
    use: "addresses of the screens",
    kind: "library",
  },
  {
    name: "regexparam",
    version: "3.0.0",
    licence: "MIT",
    copyright: "Copyright (c) Luke Edwards",
    use: "addresses of the screens",
    kind: "library",
  },
  ...[
    ["@tanstack/react-virtual", "3.14.26"],
    ["@tanstack/virtual-core", "3.19.11"],
  ].map(([name = "", version = ""]) => ({
    name,
    version,
    licence: "MIT" as const,
    copyright: "Copyright (c) 2021-present Tanner Linsley",
    use: "draws only the visible rows of long lists",
    kind: "library" as const,
  })),
] as const satisfies readonly LicenceEntry[];
