import type {
  CompareVectorsRequest,
  EncodedSample,
  EncodeItemsRequest,
  EncodeProgress,
  EncodeQueryRequest,
  EncodeSampleRequest,
  EncodeSummary,
  Measurement,
  MeasureRequest,
  PartsRequest,
  VectorComparison,
} from "../core/domain/encodeRequest";
import type { EmbeddingChoice } from "../core/domain/encoder";
import type { Modality } from "../core/domain/modality";
import type { PictureParts } from "../core/domain/pictureMap";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/encode.worker.ts, one instance per encoder. Vectors go to IndexedDB. */
export type EncodeContract = {
  /** Encodes every item of the project that has no embedding yet. Resuming is running again. */
  encodeItems: { params: EncodeItemsRequest; progress: EncodeProgress; result: EncodeSummary };
  /**
   * Encodes the items named for several layers and poolings of one encoder in one pass; items that
   * all of them have already cost nothing.
   */
  encodeSample: { params: EncodeSampleRequest; progress: Progress; result: EncodedSample };
  /** Embeds a few inputs now, ahead of any running `encodeItems`. */
  encodeQuery: {
    params: EncodeQueryRequest;
    progress: Progress;
    result: { vectors: Float32Array<ArrayBuffer>; rows: number; cols: number; elapsedMs: number };
  };
  /** Raw embeddings of the parts of one picture, ahead of any running `encodeItems`. */
  pictureParts: { params: PartsRequest; progress: Progress; result: PictureParts };
  /** Times an encoder on one device, batch size after batch size, with this worker's threads. */
  measure: { params: MeasureRequest; progress: Progress; result: Measurement };
  /** How near imported embeddings are to what an encoder computes for the same items. */
  compareVectors: { params: CompareVectorsRequest; progress: Progress; result: VectorComparison };
  /** How many of the project's items already have an embedding. */
  countEncoded: {
    params: { projectId: string; modality: Modality; choice: EmbeddingChoice };
    progress: never;
    result: { encoded: number; total: number; encoderKey: string };
  };
};
