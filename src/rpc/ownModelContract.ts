import type { AudioPreprocessing } from "../core/domain/audioPreprocessing";
import type { EncoderSpec, ImagePreprocessing } from "../core/domain/encoder";
import type {
  HeardSound,
  ModelCheck,
  ModelInspection,
  OutputOffer,
  OwnModality,
  OwnModelDraft,
  OwnModelFile,
  OwnPreprocessing,
} from "../core/domain/ownModel";
import type { Progress } from "../core/progress";

/**
 * Main thread <-> workers/ownModel.worker.ts. Files the visitor brought are opened there and nowhere
 * else, so that one that hangs or crashes takes nothing with it.
 */
export type OwnModelContract = {
  /** Reads the files and opens the model; runs nothing. */
  inspect: {
    params: { files: readonly OwnModelFile[]; modality: OwnModality };
    progress: Progress;
    result: ModelInspection;
  };
  /** What the network would see of a picture. */
  preview: {
    params: { picture: Blob; preprocessing: ImagePreprocessing };
    progress: never;
    /** [height, width, 4] */
    result: { rgba: Uint8ClampedArray<ArrayBuffer>; width: number; height: number };
  };
  /** What the network would hear of a recording. */
  hear: {
    params: { sound: Blob; preprocessing: AudioPreprocessing };
    progress: never;
    result: HeardSound;
  };
  /** Runs the model on one item: on `sound`, where it is for sounds. */
  probe: {
    params: {
      files: readonly OwnModelFile[];
      preprocessing: OwnPreprocessing;
      sound?: Blob;
    };
    progress: Progress;
    result: OutputOffer[];
  };
  /** Runs it in every way it will be run, and compares. */
  check: {
    params: {
      files: readonly OwnModelFile[];
      draft: OwnModelDraft;
      useGpu: boolean;
      sound?: Blob;
    };
    progress: Progress;
    result: ModelCheck;
  };
  /** Keeps the files and the entry in this browser. */
  save: {
    params: {
      files: readonly OwnModelFile[];
      draft: OwnModelDraft;
      check: Pick<ModelCheck, "parity" | "wasmMsPerItem">;
    };
    progress: Progress;
    result: EncoderSpec;
  };
  /** Makes and keeps the encoder of a project's windows; the same windows give the same one. */
  createSensorEncoder: {
    params: { projectId: string; seed: number };
    progress: Progress;
    result: EncoderSpec;
  };
};
