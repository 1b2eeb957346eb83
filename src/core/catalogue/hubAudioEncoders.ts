import type { AudioPreprocessing } from "../domain/audioPreprocessing";
import type { EncoderSpec } from "../domain/encoder";

const HUB = {
  modality: "audio",
  origin: "hub",
  verified: false,
  layers: [],
  preprocessingVersion: 1,
  parityPath: null,
} as const satisfies Partial<EncoderSpec>;

/** wav2vec2 and HuBERT take the samples themselves. */
const WAVEFORM = {
  kind: "audio",
  sampleRate: 16_000,
  features: { kind: "waveform" },
  input: "input_values",
} as const satisfies AudioPreprocessing;

/** Audio encoders of the Hugging Face hub, fetched only after the visitor agreed. */
export const HUB_AUDIO_ENCODERS: readonly EncoderSpec[] = [
  {
    ...HUB,
    id: "clap-htsat-unfused-audio",
    name: "CLAP HTSAT (audio)",
    summary:
      "Audio tower of LAION's CLAP, already trained with captions of sounds: a reference point. Hears 10 s.",
    source: "Xenova/clap-htsat-unfused",
    revision: "c28f2883575e590e04d3146ff0713c2448d691ba",
    license: "Apache-2.0",
    parameters: 28_200_000,
    width: 512,
    outputs: { mean: "audio_embeds" },
    preprocessing: {
      kind: "audio",
      sampleRate: 48_000,
      features: { kind: "clap" },
      input: "input_features",
    },
    files: [
      {
        role: "model",
        path: "onnx/audio_model.onnx",
        sizeBytes: 117_528_416,
        sha256: "a1c2b43c44f71e0fa841a4b86700886c199bf87699ea45632c4d831bc6c88957",
      },
    ],
    wasmMsPerItem: 600,
  },
  {
    ...HUB,
    id: "whisper-tiny-encoder",
    name: "Whisper-tiny (encoder)",
    summary:
      "Encoder of OpenAI's smallest speech recogniser, for about 100 languages. Hears 30 s; only the frames of the clip are averaged.",
    source: "Xenova/whisper-tiny",
    revision: "5332fcc35e32a33b86612b9a57a89be7906102b1",
    license: "Apache-2.0",
    parameters: 8_200_000,
    width: 384,
    outputs: { mean: { tokens: "last_hidden_state", hasCls: false } },
    preprocessing: {
      kind: "audio",
      sampleRate: 16_000,
      features: { kind: "whisper" },
      input: "input_features",
    },
    files: [
      {
        role: "model",
        path: "onnx/encoder_model.onnx",
        sizeBytes: 32_909_539,
        sha256: "39e81b6c86a5b2b4beda1bb3145486a769d594801f780a66cad1ae72c7ad2c5e",
      },
    ],
    wasmMsPerItem: 1600,
  },
  {
    ...HUB,
    id: "hubert-base-ls960",
    name: "HuBERT-base",
    summary: "Speech transformer, self-supervised on 960 h of read English. Hears 30 s.",
    source: "Xenova/hubert-base-ls960",
    revision: "605602b14ca8b3bfe9a3f6d28bfc7120e27d8223",
    license: "Apache-2.0",
    parameters: 94_400_000,
    width: 768,
    outputs: { mean: { tokens: "last_hidden_state", hasCls: false } },
    preprocessing: WAVEFORM,
    files: [
      {
        role: "model",
        path: "onnx/model.onnx",
        sizeBytes: null,
        sha256: "c6fcb81a8315972f672b9433e85886fda467b9c6d76f1799e5bf01f8c68f915b",
        listedBytes: 378_000_000,
      },
    ],
    wasmMsPerItem: 1500,
  },
  {
    ...HUB,
    id: "wav2vec2-base-960h",
    name: "wav2vec2-base-960h",
    summary:
      "Speech transformer trained to spell English. The file ends in scores of 32 letters and signs: their mean over the clip is the embedding. Hears 30 s.",
    source: "Xenova/wav2vec2-base-960h",
    revision: "a19f851b3d42865797e410752b4c570c871e4825",
    license: "Apache-2.0",
    parameters: 94_400_000,
    width: 32,
    outputs: { mean: { tokens: "logits", hasCls: false } },
    preprocessing: WAVEFORM,
    files: [
      {
        role: "model",
        path: "onnx/model.onnx",
        sizeBytes: null,
        sha256: null, // public programs disagree about it
        listedBytes: 378_000_000,
      },
    ],
    wasmMsPerItem: 1500,
  },
  {
    ...HUB,
    id: "ast-audioset",
    name: "AST (AudioSet)",
    summary:
      "Audio Spectrogram Transformer trained on AudioSet. The file ends in its 527 class scores: they are the embedding. Hears 10 s; the slowest one here.",
    source: "Xenova/ast-finetuned-audioset-10-10-0.4593",
    revision: "249a1fbf0286b40e7f1ed687a8ae396997bf7dc6",
    license: "BSD-3-Clause",
    parameters: 86_600_000,
    width: 527,
    outputs: { mean: "logits" },
    preprocessing: {
      kind: "audio",
      sampleRate: 16_000,
      features: { kind: "kaldi-fbank" },
      input: "input_values",
    },
    files: [
      {
        role: "model",
        path: "onnx/model.onnx",
        sizeBytes: null,
        sha256: null,
        listedBytes: 347_000_000,
      },
    ],
    wasmMsPerItem: 9000,
  },
];
