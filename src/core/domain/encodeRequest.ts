import type { Progress } from "../progress";
import type { Device, DevicePreference, EmbeddingChoice } from "./encoder";
import type { Modality } from "./modality";
import type { ItemNote } from "./namedItems";

/** Which encoder is to run, and where. */
export interface EncoderRequest {
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
  /** Under `auto`: the device that was measured to be faster, so that nothing need be compared. */
  readonly measured?: Exclude<Device, "cpu">;
}

/** Which items of a project are to be encoded, every one that has no embedding yet. */
export interface EncodeItemsRequest extends EncoderRequest {
  readonly projectId: string;
  readonly modality: Modality;
  /** Items to leave out because they ended the worker before; they are among `failed`. */
  readonly skip: readonly string[];
  /** Groups to encode first, each by itself: one of its items ended the worker. */
  readonly suspects: readonly (readonly string[])[];
  /** Items per batch as measured; null: what is usual on the device. */
  readonly batchSize: number | null;
}

/** Progress of an encoding, with what finds out who ends the worker. */
export interface EncodeProgress extends Progress {
  /** Digests of the items being decoded or encoded now, sent before; absent: as they were. */
  readonly inFlight?: readonly string[];
}

/** What a call encoded. */
export interface EncodedItems {
  /** Encoded in this call; the rest was already there. */
  readonly encoded: number;
  /** What could not be encoded, with the cause. */
  readonly failed: readonly ItemNote[];
  /** Encoded in this call, with a doubt: silent or cut-off recordings. Absent: none. */
  readonly flagged?: readonly ItemNote[];
}

/** What a call encoded of a project's items, where and how fast. */
export interface EncodeSummary extends EncodedItems {
  readonly encoderKey: string;
  readonly items: number;
  readonly device: Device;
  /** wasm threads in use; 1 on WebGPU. */
  readonly threads: number;
  /** Adapter description, or null on wasm. */
  readonly adapter: string | null;
  /** Where it ran and why, e.g. `CPU · WebAssembly: WebGPU found no adapter`. */
  readonly deviceReason?: string;
  readonly elapsedMs: number;
  /** The steady rate; absent where too few items were encoded to tell. */
  readonly rate?: BatchTime;
  /** Lowest cosine of the self-check; null where the encoder has no reference vectors. */
  readonly parityCosine: number | null;
}

/** Items of a project to encode for several layers and poolings of one encoder in one pass. */
export interface EncodeSampleRequest {
  readonly projectId: string;
  readonly modality: Modality;
  readonly encoderId: string;
  readonly choices: readonly EmbeddingChoice[];
  readonly digests: readonly string[];
  readonly device: DevicePreference;
}

/** One embedding set to fill: which embedding, and the key it is stored under. */
export interface SampleSet {
  readonly choice: EmbeddingChoice;
  readonly encoderKey: string;
  /** D */
  readonly width: number;
}

/** `sets` are in the order of the choices asked for. */
export interface EncodedSample extends EncodedItems {
  readonly sets: readonly SampleSet[];
}

/** A few inputs to embed at once. */
export interface EncodeQueryRequest extends EncoderRequest {
  readonly inputs: readonly QueryInput[];
}

/**
 * What is to be embedded; files as they are, decoded in the worker. `trim`: without the silence before
 * and after the sound, as in a recording someone just made.
 */
export type QueryInput =
  | { readonly text: string }
  | { readonly image: Blob }
  | { readonly audio: Blob; readonly trim?: true }
  | { readonly sensor: Blob };

/** Whose parts are wanted: a picture of the project, or one that is not in it. */
export interface PartsRequest extends EncoderRequest {
  readonly projectId: string;
  readonly picture: { readonly digest: string } | { readonly image: Blob };
  /** `auto`: patch tokens where the encoder gives them, else occlusion. */
  readonly method: "auto" | "occlusion";
}

/** How long an encoder is to be timed on one device. */
export interface MeasureRequest {
  readonly choice: EmbeddingChoice;
  readonly device: Exclude<Device, "cpu">;
  /** Ascending; stops where larger ones are plainly slower. */
  readonly batchSizes: readonly number[];
  /** Time to spend after the encoder has loaded; the first batch size is measured all the same. */
  readonly budgetMs: number;
}

/** Milliseconds per item at one batch size, in the steady state. */
export interface BatchTime {
  readonly batchSize: number;
  readonly msPerItem: number;
}

/** What one worker measured of one encoder on one device. */
export interface Measurement {
  readonly device: Exclude<Device, "cpu">;
  readonly threads: number;
  readonly adapter: string | null;
  readonly trials: readonly BatchTime[];
}

/** Imported embeddings, and what may have made them. */
export interface CompareVectorsRequest {
  readonly projectId: string;
  readonly modality: Modality;
  /** The imported embeddings. */
  readonly vectors: EmbeddingChoice;
  /** What may have made them. */
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
}

/** How near imported embeddings are to what an encoder computes for the same items. */
export interface VectorComparison {
  /** Lowest over the items compared. */
  readonly cosine: number;
  readonly items: number;
  /** The imported embeddings have length 1. */
  readonly unitLength: boolean;
}
