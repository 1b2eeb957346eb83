import {
  boolean,
  count,
  digest,
  either,
  fields,
  list,
  nullable,
  number,
  oneOf,
  optional,
  refuse,
  text,
  type Shape,
} from "../formats/shape";
import {
  AUDIO_AXES,
  PLAIN_FEATURES,
  type AudioFeatures,
  type AudioPreprocessing,
  type ClipLength,
} from "./audioPreprocessing";
import {
  POOLINGS,
  type EmbeddingChoice,
  type EncoderFile,
  type EncoderLayer,
  type EncoderOutput,
  type EncoderSpec,
  type ImagePreprocessing,
  type MadeWith,
  type Preprocessing,
  type SensorPreprocessing,
  type TextPreprocessing,
} from "./encoder";
import { MODALITIES } from "./modality";

/** An encoder, a pooling and a layer. */
export const embeddingChoice = fields<EmbeddingChoice>({
  id: text,
  pooling: oneOf(POOLINGS),
  layer: nullable(text),
});

const encoderFile = fields<EncoderFile>({
  role: oneOf(["model", "model-data", "tokenizer", "tokenizer-config"]),
  path: text,
  sizeBytes: nullable(count),
  sha256: nullable(digest),
  listedBytes: optional(count),
});

const threeNumbers: Shape<readonly [number, number, number]> = (value, path) => {
  const [r = 0, g = 0, b = 0, ...rest] = list(number)(value, path);
  return rest.length === 0 ? [r, g, b] : refuse(path, "three numbers", value);
};

const imagePreprocessing = fields<ImagePreprocessing>({
  kind: oneOf(["image"]),
  size: count,
  fit: oneOf(["squash", "crop", "pad"]),
  resize: optional(count),
  resample: optional(oneOf(["bicubic", "bilinear"])),
  mean: threeNumbers,
  std: threeNumbers,
  input: text,
});

const textPreprocessing = fields<TextPreprocessing>({
  kind: oneOf(["text"]),
  maxTokens: count,
  prefix: optional(text),
  padTo: optional(count),
});

const audioFeatures: Shape<AudioFeatures> = either(
  fields<Extract<AudioFeatures, { kind: "log-mel" }>>({
    kind: oneOf(["log-mel"]),
    bands: count,
    windowMs: number,
    hopMs: number,
    low: number,
    high: number,
    standardise: optional(boolean),
  }),
  fields<Exclude<AudioFeatures, { kind: "log-mel" }>>({
    kind: oneOf(PLAIN_FEATURES),
  }),
);

const audioPreprocessing = fields<AudioPreprocessing>({
  kind: oneOf(["audio"]),
  sampleRate: count,
  features: audioFeatures,
  input: text,
  lengths: optional(text),
  length: optional(
    fields<ClipLength>({
      samples: count,
      fill: oneOf(["silence", "repeat"]),
      cut: oneOf(["start", "middle"]),
    }),
  ),
  axes: optional(list(oneOf(AUDIO_AXES))),
  oneByOne: optional(boolean),
});

const sensorPreprocessing = fields<SensorPreprocessing>({
  kind: oneOf(["sensor"]),
  channels: list(text),
  mean: list(number),
  std: list(number),
  input: text,
  lengths: text,
});

const preprocessing: Shape<Preprocessing> = either(
  either(imagePreprocessing, textPreprocessing),
  either(audioPreprocessing, sensorPreprocessing),
);

const output: Shape<EncoderOutput> = either(
  text,
  fields<Exclude<EncoderOutput, string>>({
    tokens: text,
    hasCls: boolean,
    channelsFirst: optional(boolean),
  }),
);

/** Encoders beyond the catalogue. */
export const encodersShape: Shape<EncoderSpec[]> = list(
  fields<EncoderSpec>({
    id: text,
    name: text,
    modality: oneOf(MODALITIES),
    origin: oneOf(["embedded", "hub", "file", "vectors"]),
    verified: boolean,
    summary: text,
    source: text,
    revision: text,
    license: text,
    parameters: number,
    width: count,
    outputs: fields<EncoderSpec["outputs"]>({
      mean: optional(output),
      cls: optional(output),
      "cls+mean": optional(output),
      last: optional(output),
    }),
    layers: list(
      fields<EncoderLayer>({
        id: text,
        name: text,
        output: text,
        index: optional(count),
        width: count,
      }),
    ),
    patches: optional(text),
    preprocessing: nullable(preprocessing),
    preprocessingVersion: number,
    files: list(encoderFile),
    parityPath: nullable(text),
    madeWith: optional(
      fields<MadeWith>({
        choice: embeddingChoice,
        cosine: number,
        items: count,
        unitLength: boolean,
      }),
    ),
    wasmMsPerItem: number,
  }),
);
