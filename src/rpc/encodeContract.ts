import type { Device, DevicePreference, EmbeddingChoice } from "../core/domain/encoder";
import type { Progress } from "../core/progress";
import type { AlignedModality } from "../core/domain/modality";

/** What an encode worker is asked to run. */
export interface EncoderRequest {
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
}

/** Main thread <-> workers/encode.worker.ts, one instance per encoder. Vectors go to IndexedDB. */
export type EncodeContract = {
  /** Encodes every item of the project that has no embedding yet. Resuming is running again. */
  encodeItems: {
    params: EncoderRequest & {
      projectId: string;
      modality: AlignedModality;
      /** Items to leave out because they crashed the worker before. */
      skip: readonly string[];
      /** Upper bound for a batch; the retry after a crash uses 1 to find the culprit. */
      maxBatch: number;
    };
    progress: Progress;
    result: EncodeSummary;
  };
  /** Embeds a few inputs now, ahead of any running `encodeItems`. */
  encodeQuery: {
    params: EncoderRequest & { inputs: readonly QueryInput[] };
    progress: Progress;
    result: { vectors: Float32Array<ArrayBuffer>; rows: number; cols: number; elapsedMs: number };
  };
  /** How many of the project's items already have an embedding. */
  countEncoded: {
    params: { projectId: string; modality: AlignedModality; choice: EmbeddingChoice };
    progress: never;
    result: { encoded: number; total: number; encoderKey: string };
  };
};

export type QueryInput = { readonly text: string } | { readonly image: Blob };

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
  /** Lowest cosine of the parity self-check against the stored reference vectors. */
  readonly parityCosine: number;
  /** Digests that could not be encoded, with the cause. */
  readonly failed: readonly { digest: string; source: string; reason: string }[];
}
