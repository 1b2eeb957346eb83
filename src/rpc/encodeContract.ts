import type { Device, DevicePreference, EmbeddingChoice } from "../core/domain/encoder";
import type { PictureParts } from "../core/domain/pictureMap";
import type { Progress } from "../core/progress";
import type { Modality } from "../core/domain/modality";

/** What an encode worker is asked to run. */
export interface EncoderRequest {
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
  /** Under `auto`: the device that was measured to be faster, so that nothing need be compared. */
  readonly measured?: Exclude<Device, "cpu">;
}

/** Progress of an encoding, with what finds out who ends the worker. */
export interface EncodeProgress extends Progress {
  /** Digests of the items being decoded or encoded now; sent before they are touched. */
  readonly inFlight?: readonly string[];
}

/** Main thread <-> workers/encode.worker.ts, one instance per encoder. Vectors go to IndexedDB. */
export type EncodeContract = {
  /** Encodes every item of the project that has no embedding yet. Resuming is running again. */
  encodeItems: {
    params: EncoderRequest & {
      projectId: string;
      modality: Modality;
      /** Items to leave out because they ended the worker before; they are among `failed`. */
      skip: readonly string[];
      /** Groups to encode first, each by itself: one of its items ended the worker. */
      suspects: readonly (readonly string[])[];
      /** Items per batch as measured; null: what is usual on the device. */
      batchSize: number | null;
    };
    progress: EncodeProgress;
    result: EncodeSummary;
  };
  /**
   * Encodes the items named for several layers and poolings of one encoder in one pass. `sets` are
   * in the order of `choices`; items that all of them have already cost nothing.
   */
  encodeSample: {
    params: {
      projectId: string;
      modality: Modality;
      encoderId: string;
      choices: readonly EmbeddingChoice[];
      digests: readonly string[];
      device: DevicePreference;
    };
    progress: Progress;
    result: {
      readonly sets: readonly {
        readonly choice: EmbeddingChoice;
        readonly encoderKey: string;
        readonly width: number;
      }[];
      /** Items encoded in this call. */
      readonly encoded: number;
      readonly failed: EncodeSummary["failed"];
    };
  };
  /** Embeds a few inputs now, ahead of any running `encodeItems`. */
  encodeQuery: {
    params: EncoderRequest & { inputs: readonly QueryInput[] };
    progress: Progress;
    result: { vectors: Float32Array<ArrayBuffer>; rows: number; cols: number; elapsedMs: number };
  };
  /** Raw embeddings of the parts of one picture, ahead of any running `encodeItems`. */
  pictureParts: {
    params: EncoderRequest & {
      projectId: string;
      picture: { readonly digest: string } | { readonly image: Blob };
      /** `auto`: patch tokens where the encoder gives them, else occlusion. */
      method: "auto" | "occlusion";
    };
    progress: Progress;
    result: PictureParts;
  };
  /** Times an encoder on one device, batch size after batch size, with this worker's threads. */
  measure: {
    params: {
      choice: EmbeddingChoice;
      device: Exclude<Device, "cpu">;
      /** Ascending; stops where larger ones are plainly slower. */
      batchSizes: readonly number[];
      /** Time to spend after the encoder has loaded. */
      budgetMs: number;
    };
    progress: Progress;
    result: Measurement;
  };
  /** How near imported embeddings are to what an encoder computes for the same items. */
  compareVectors: {
    params: {
      projectId: string;
      modality: Modality;
      /** The imported embeddings. */
      vectors: EmbeddingChoice;
      /** What may have made them. */
      choice: EmbeddingChoice;
      device: DevicePreference;
    };
    progress: Progress;
    /** `cosine`: the lowest over `items` items. `unitLength`: the imported ones have length 1. */
    result: { cosine: number; items: number; unitLength: boolean };
  };
  /** How many of the project's items already have an embedding. */
  countEncoded: {
    params: { projectId: string; modality: Modality; choice: EmbeddingChoice };
    progress: never;
    result: { encoded: number; total: number; encoderKey: string };
  };
};

/**
 * What is to be embedded; files as they are, decoded in the worker. `trim`: without the silence before
 * and after the sound, as in a recording someone just made.
 */
export type QueryInput =
  | { readonly text: string }
  | { readonly image: Blob }
  | { readonly audio: Blob; readonly trim?: true }
  | { readonly sensor: Blob };

export interface EncodeSummary {
  readonly encoderKey: string;
  readonly items: number;
  /** Encoded in this call; the rest was already there. */
  readonly encoded: number;
  readonly device: Device;
  /** wasm threads in use; 1 on WebGPU. */
  readonly threads: number;
  /** Adapter description, or null on wasm. */
  readonly adapter: string | null;
  /** Where it ran and why, e.g. `CPU · WebAssembly: WebGPU found no adapter`. */
  readonly deviceReason?: string;
  readonly elapsedMs: number;
  /** The steady rate; absent where too few items were encoded to tell. */
  readonly rate?: { readonly batchSize: number; readonly msPerItem: number };
  /** Lowest cosine of the self-check; null where the encoder has no reference vectors. */
  readonly parityCosine: number | null;
  /** Digests that could not be encoded, with the cause. */
  readonly failed: readonly { digest: string; source: string; reason: string }[];
  /** Encoded in this call, with a doubt: silent or cut-off recordings. Absent: none. */
  readonly flagged?: readonly { digest: string; source: string; reason: string }[];
}

/** What one worker measured on one device. */
export interface Measurement {
  readonly device: Exclude<Device, "cpu">;
  readonly threads: number;
  readonly adapter: string | null;
  readonly trials: readonly { readonly batchSize: number; readonly msPerItem: number }[];
}
