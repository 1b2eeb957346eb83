import type { Device, DevicePreference, EmbeddingChoice } from "../../core/domain/encoder";
import type { Modality } from "../../core/domain/modality";
import type { FailedItem } from "./batchAttempt";
import type { EncodedItems } from "./encodeItems";

export interface EncodeRequest {
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
  readonly measured?: Exclude<Device, "cpu">;
  readonly projectId: string;
  readonly modality: Modality;
  readonly skip: readonly string[];
  readonly suspects: readonly (readonly string[])[];
  readonly batchSize: number | null;
}

export interface SampleRequest {
  readonly projectId: string;
  readonly modality: Modality;
  readonly encoderId: string;
  readonly choices: readonly EmbeddingChoice[];
  readonly digests: readonly string[];
  readonly device: DevicePreference;
}

export interface QueryRequest {
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
  readonly measured?: Exclude<Device, "cpu">;
  readonly inputs: readonly EncodeInput[];
}

/** A text, or a file of one of the other modalities. */
export type EncodeInput =
  | { readonly text: string }
  | { readonly image: Blob }
  | { readonly audio: Blob; readonly trim?: true }
  | { readonly sensor: Blob };

/** Whose parts are wanted: a picture of the project, or one that is not in it. */
export interface PartsRequest {
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
  readonly measured?: Exclude<Device, "cpu">;
  readonly projectId: string;
  readonly picture: { readonly digest: string } | { readonly image: Blob };
  /** `auto`: patch tokens where the file gives them, else occlusion. */
  readonly method: "auto" | "occlusion";
}

export interface ComparisonRequest {
  readonly projectId: string;
  readonly modality: Modality;
  /** The imported embeddings. */
  readonly vectors: EmbeddingChoice;
  /** What may have made them. */
  readonly choice: EmbeddingChoice;
  readonly device: DevicePreference;
}

/** What `EncodeService.encodeItems` tells about its work. */
export interface Encoded extends EncodedItems {
  readonly encoderKey: string;
  readonly items: number;
  readonly failed: readonly FailedItem[];
  readonly rate?: { readonly batchSize: number; readonly msPerItem: number };
  readonly device: Device;
  readonly threads: number;
  readonly adapter: string | null;
  readonly deviceReason: string;
  readonly parityCosine: number | null;
  readonly elapsedMs: number;
}
