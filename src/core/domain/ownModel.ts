import type { FeatureStrip } from "../audio/featureStrip";
import type { AudioPreprocessing } from "./audioPreprocessing";
import {
  POOLINGS,
  type EncoderFile,
  type EncoderOutput,
  type EncoderSpec,
  type ImagePreprocessing,
  type Pooling,
  type TextPreprocessing,
} from "./encoder";
import type { Modality } from "./modality";

/** Largest model file, with its external weights: the runtime's heap holds it twice while it loads. */
export const MAX_MODEL_BYTES = 400_000_000;

/** Modalities whose encoder may come as a file; that of sensor windows is made from the data. */
export type OwnModality = Exclude<Modality, "sensor">;

/** How items become the input of an own model. */
export type OwnPreprocessing = ImagePreprocessing | TextPreprocessing | AudioPreprocessing;

/** A file the visitor dropped. */
export interface OwnModelFile {
  readonly name: string;
  readonly file: Blob;
}

/** An input or output of a network, as its file declares it. */
export interface TensorInfo {
  readonly name: string;
  /** `float32`, `int64`, … */
  readonly type: string;
  /** A number, or the name of a free axis; empty where the file does not say. */
  readonly shape: readonly (number | string)[];
}

/** What a model file says about itself, and how we would feed it. */
export interface ModelInspection {
  readonly modality: OwnModality;
  /** Model and external weights. */
  readonly sizeBytes: number;
  readonly producer: string;
  /** Version of the standard operators; null where the file names none. */
  readonly opset: number | null;
  readonly nodes: number;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly preprocessing: OwnPreprocessing;
  /** Where each part of the preprocessing comes from, a sentence each. */
  readonly reasons: readonly string[];
  /** False: something was guessed that only the visitor can confirm. */
  readonly isCertain: boolean;
  /** Names of dropped files that have no part in it. */
  readonly ignored: readonly string[];
}

/**
 * `pooled`: [B, D]. `tokens`: [B, T, D] or [B, D, T], pooled by us. `map`: [B, D, H, W], averaged by
 * us.
 */
export type OutputKind = "pooled" | "tokens" | "map";

/** An output as it really came out for one item. */
export interface OutputOffer {
  readonly name: string;
  readonly dims: readonly number[];
  /** Null: it cannot be an embedding, and `reason` says why. */
  readonly kind: OutputKind | null;
  readonly reason: string;
  /** D */
  readonly width: number;
  /** Whether token 0 seems to stand for the whole. */
  readonly hasCls: boolean;
  /** Tokens: the output seems to be [B, D, T]. */
  readonly channelsFirst: boolean;
}

/** A recording as a network is fed it, to look at. */
export interface HeardSound {
  /** Sizes of the input, without the batch. */
  readonly dims: readonly number[];
  /** Of the recording, and of what the network is fed of it. */
  readonly seconds: number;
  readonly heardSeconds: number;
  /** Of the file, Hz. */
  readonly rate: number;
  readonly strip: FeatureStrip;
  /** What there is to doubt about the recording; undefined: nothing. */
  readonly doubt: string | undefined;
}

/** Everything chosen for an own model. */
export interface OwnModelDraft {
  readonly name: string;
  /** Free text; `not stated` where the visitor says nothing. */
  readonly license: string;
  readonly modality: OwnModality;
  readonly preprocessing: OwnPreprocessing;
  readonly output: string;
  readonly kind: OutputKind;
  readonly hasCls: boolean;
  /** Tokens come as [B, D, T]. */
  readonly channelsFirst: boolean;
  readonly pooling: Pooling;
  /** D of the output. */
  readonly width: number;
}

/** One thing that was tried; `passed` null: it could not be tried here, which bars nothing. */
export interface ModelFinding {
  readonly name: string;
  readonly passed: boolean | null;
  readonly detail: string;
}

export interface ModelCheck {
  /** Whether the model may be used: no finding failed. */
  readonly passed: boolean;
  readonly findings: readonly ModelFinding[];
  /** One item on the CPU, in milliseconds: a first guess for the ETA. */
  readonly wasmMsPerItem: number;
  /** JSON of reference inputs with the vectors every device must give; empty where none came out. */
  readonly parity: string;
}

/** Poolings an output allows, the first one first in what is offered. */
export function poolingsOf(
  { kind, hasCls }: Pick<OutputOffer, "kind" | "hasCls">,
  modality: OwnModality,
): readonly Pooling[] {
  if (kind !== "tokens") return ["mean"];
  return modality === "image" && !hasCls ? ["mean"] : POOLINGS;
}

/**
 * The entry of an own model: the chosen pooling first, so that it is the default.
 *
 * @param files with digests; the id names them and every choice that changes a number.
 */
export function ownEncoder(
  draft: OwnModelDraft,
  { id, files, wasmMsPerItem }: Pick<EncoderSpec, "id" | "files" | "wasmMsPerItem">,
): EncoderSpec {
  const { name, license, modality, preprocessing, pooling, kind, output } = draft;
  const { hasCls, channelsFirst } = draft;
  const outputs: Partial<Record<Pooling, EncoderOutput>> = {};
  for (const each of [pooling, ...poolingsOf(draft, modality)]) {
    outputs[each] =
      kind === "pooled"
        ? output
        : { tokens: output, hasCls, ...(channelsFirst && { channelsFirst }) };
  }
  return {
    id,
    name,
    modality,
    origin: "file",
    verified: false,
    summary: "Your own ONNX file, kept in this browser.",
    source: modelName(files),
    revision: "own",
    license,
    parameters: 0,
    width: draft.width,
    outputs,
    layers: [],
    preprocessing,
    preprocessingVersion: 1,
    files,
    parityPath: PARITY_PATH,
    wasmMsPerItem,
  };
}

/** Name under which an own model's reference vectors are kept beside its files. */
export const PARITY_PATH = "parity.json";

function modelName(files: readonly EncoderFile[]): string {
  return files.find(({ role }) => role === "model")?.path ?? "";
}
