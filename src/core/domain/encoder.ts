import type { AudioPreprocessing } from "./audioPreprocessing";
import type { Modality } from "./modality";

/** How token features become one vector. */
export type Pooling = "mean" | "cls" | "cls+mean" | "last";

export const POOLINGS = ["mean", "cls", "cls+mean", "last"] as const satisfies readonly Pooling[];

/** Which vector of an encoder is the embedding: the encoder, how tokens are pooled, from which layer. */
export interface EmbeddingChoice {
  readonly id: string;
  readonly pooling: Pooling;
  /** Id of one of the encoder's `layers`; null: its last one. */
  readonly layer: string | null;
}

/** One file an encoder needs, with the digest it must have. */
export interface EncoderFile {
  readonly role: "model" | "model-data" | "tokenizer" | "tokenizer-config";
  /**
   * Embedded: relative to the site's base. Hub: relative to the repository. File: its name.
   */
  readonly path: string;
  /** Null in a hub entry that was never downloaded; pinned at the first download. */
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  /** Size as the hub's page shows it, rounded: what the visitor is told before the first download. */
  readonly listedBytes?: number;
}

/** Pixels to tensor: `(x - mean) / std` per channel with x in 0..255, after an antialiased resize. */
export interface ImagePreprocessing {
  readonly kind: "image";
  /** Side of the square the network sees. */
  readonly size: number;
  /**
   * `squash`: to size × size, aspect ignored. `crop`: shortest edge to `resize`, then the centre
   * size × size. `pad`: longest edge to size, centred on white.
   */
  readonly fit: "squash" | "crop" | "pad";
  /** Shortest edge before the crop; only with `crop`. */
  readonly resize?: number;
  /** Default `bicubic`; both antialiased, as Pillow's. */
  readonly resample?: "bicubic" | "bilinear";
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** Name of the session input. */
  readonly input: string;
}

export interface TextPreprocessing {
  readonly kind: "text";
  readonly maxTokens: number;
  /** Put before every text, as the network was trained (`query: ` for E5). */
  readonly prefix?: string;
  /** Pad every text to this many tokens (CLIP: 77) instead of to the batch. */
  readonly padTo?: number;
}

/** Windows of sensor readings to tensor: [B, channels, T], each channel standardised. */
export interface SensorPreprocessing {
  readonly kind: "sensor";
  /** Names of the channels, in the order of the input's rows. */
  readonly channels: readonly string[];
  /** Of each channel over the training windows: (x - mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Name of the session input. */
  readonly input: string;
  /** Name of the session input [B] int64 with the readings of each window. */
  readonly lengths: string;
}

export type Preprocessing =
  ImagePreprocessing | TextPreprocessing | AudioPreprocessing | SensorPreprocessing;

/**
 * Where an embedding comes out. A string: a session output [B, D], already pooled. `tokens`: a
 * session output [B, T, D] that we pool (text: over unpadded tokens; image and sound: token 0 is CLS
 * when `hasCls`).
 */
export type EncoderOutput =
  | string
  | {
      readonly tokens: string;
      readonly hasCls: boolean;
      /** The output is [B, D, T]. */
      readonly channelsFirst?: boolean;
    };

/** An earlier layer the file exposes, pooled by the network itself. */
export interface EncoderLayer {
  readonly id: string;
  readonly name: string;
  readonly output: string;
  /** The output is [B, L, D] and this is l; absent: it is [B, D]. */
  readonly index?: number;
  readonly width: number;
}

/**
 * `embedded`: served with the page. `hub`: downloaded after consent. `file`: the user's own ONNX.
 * `vectors`: no network at all, only the embeddings that were imported.
 */
export type EncoderOrigin = "embedded" | "hub" | "file" | "vectors";

/** A frozen network as plain data, so that the UI can list what it must not load. */
export interface EncoderSpec {
  readonly id: string;
  readonly name: string;
  readonly modality: Modality;
  readonly origin: EncoderOrigin;
  /** Whether this file was run here and its numbers checked; the UI says “not yet verified” if not. */
  readonly verified: boolean;
  readonly summary: string;
  /** Upstream name of the weights; a hub entry's repository (`Xenova/dinov2-small`). */
  readonly source: string;
  /** Commit of the repository, or version of the package. `main` is pinned at the first download. */
  readonly revision: string;
  readonly license: string;
  readonly parameters: number;
  /** Embedding width D of the last layer (twice that for `cls+mean`). */
  readonly width: number;
  /** Where the embedding comes out, for each pooling the file offers. */
  readonly outputs: Partial<Record<Pooling, EncoderOutput>>;
  readonly layers: readonly EncoderLayer[];
  /**
   * Images: output [B, T, D] (or [B, D, H, W]) of patches whose mean is the `mean` embedding, where
   * the network pools by itself. Patches lie row-major on a square.
   */
  readonly patches?: string;
  /** Null for `vectors`. */
  readonly preprocessing: Preprocessing | null;
  /** Raised whenever our preprocessing changes its numbers: part of every embedding's key. */
  readonly preprocessingVersion: number;
  readonly files: readonly EncoderFile[];
  /** Inputs with reference vectors for the self-check on first load; null: none exist yet. */
  readonly parityPath: string | null;
  /** Only of `vectors`: the network that was found to make the same embeddings. */
  readonly madeWith?: MadeWith;
  /** Milliseconds per item on one wasm thread of a plain laptop: a first guess for the ETA only. */
  readonly wasmMsPerItem: number;
}

/** What was measured before an encoder was taken to have made imported embeddings. */
export interface MadeWith {
  readonly choice: EmbeddingChoice;
  /** Lowest cosine between an imported embedding and the encoder's own, over `items` items. */
  readonly cosine: number;
  readonly items: number;
  /** The imported embeddings have length 1, so the encoder's are brought to it too. */
  readonly unitLength: boolean;
}

/** Where a computation runs. */
export type Device = "webgpu" | "wasm" | "cpu";

/** What the visitor asks for; `auto` tries WebGPU when a real adapter exists and it pays. */
export type DevicePreference = "auto" | "webgpu" | "wasm";

/** What a calibration found best for one encoder on one device; remembered per adapter. */
export interface Calibration {
  readonly encoderId: string;
  readonly device: Exclude<Device, "cpu">;
  /** Adapter in words, or null on the CPU. */
  readonly adapter: string | null;
  readonly threads: number;
  readonly batchSize: number;
  /** Milliseconds per item at that batch size, steady state. */
  readonly msPerItem: number;
  /** Everything that was tried, for the curious. */
  readonly tried: readonly {
    readonly device: Exclude<Device, "cpu">;
    readonly threads: number;
    readonly batchSize: number;
    readonly msPerItem: number;
  }[];
  readonly measuredAt: number;
}

/** Bytes of an encoder's files, rounded where the hub only lists them so; null: nobody knows yet. */
export function downloadBytes({ files }: Pick<EncoderSpec, "files">): number | null {
  return files.reduce<number | null>((sum, { sizeBytes, listedBytes }) => {
    const bytes = sizeBytes ?? listedBytes;
    return sum === null || bytes === undefined ? null : sum + bytes;
  }, 0);
}

/**
 * The embedding to use unless told otherwise: the last layer, with the first pooling the entry
 * lists. Reference vectors are of this one.
 */
export function defaultChoice({ id, outputs }: EncoderSpec): EmbeddingChoice {
  const [pooling = "mean"] = Object.keys(outputs) as Pooling[]; // the type's only keys
  return { id, pooling, layer: null };
}

/** Whether two choices name one embedding; an earlier layer comes out pooled by the network. */
export function isSameChoice(a: EmbeddingChoice, b: EmbeddingChoice): boolean {
  return a.id === b.id && a.layer === b.layer && (a.layer !== null || a.pooling === b.pooling);
}

/** Every embedding an encoder offers: its earlier layers, first to last, then each pooling. */
export function embeddingChoices(spec: EncoderSpec): EmbeddingChoice[] {
  const { id, layers, outputs } = spec;
  const { pooling } = defaultChoice(spec);
  return [
    ...layers.map((layer) => ({ id, pooling, layer: layer.id })),
    ...POOLINGS.filter((name) => outputs[name]).map((name) => ({ id, pooling: name, layer: null })),
  ];
}

/** Width D of the chosen embedding. */
export function embeddingWidth(spec: EncoderSpec, choice: EmbeddingChoice): number {
  const layer = spec.layers.find(({ id }) => id === choice.layer);
  if (layer) return layer.width;
  return choice.pooling === "cls+mean" ? 2 * spec.width : spec.width;
}

/** `EfficientNet-Lite0 · stage5`, for charts and tables. */
export function embeddingName(spec: EncoderSpec, { pooling, layer }: EmbeddingChoice): string {
  const parts = [spec.name];
  if (layer !== null) parts.push(spec.layers.find(({ id }) => id === layer)?.name ?? layer);
  else if (Object.keys(spec.outputs).length > 1) parts.push(pooling);
  return parts.join(" · ");
}
