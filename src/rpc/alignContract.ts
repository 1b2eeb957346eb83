import type { DevicePreference } from "../core/domain/encoder";
import type { BaselineResult } from "../core/domain/evaluation";
import type { ProjectorPair } from "../core/domain/projector";
import type { Candidate, HistoryPoint, Run, SeedResult } from "../core/domain/run";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/align.worker.ts. Weights and vectors stay in IndexedDB. */
export type AlignContract = {
  /**
   * Trains the stored run, from its last checkpoint if it has one. Cancelling saves a checkpoint
   * and leaves the run `paused`; `finish` ends it early with the best checkpoint.
   */
  align: {
    params: { runId: string; device: DevicePreference; concepts?: ConceptVectors };
    progress: AlignProgress;
    result: Run;
  };
  /** Asks a running `align` of this run to stop after the current step and evaluate its best. */
  finish: { params: { runId: string }; progress: never; result: null };
  /**
   * Projectors after the step in hand of a running `align`, for a search that follows the training;
   * null when this run is not training a head now. Asking more often than steps take is harmless.
   */
  latest: { params: { runId: string }; progress: never; result: ProjectorPair | null };
};

/** Names of concepts with their text embeddings [names, D], where `trainOn` names concepts. */
export interface ConceptVectors {
  readonly names: readonly string[];
  readonly vectors: Float32Array<ArrayBuffer>;
}

/** Progress of a training, with what is new since the last report. */
export interface AlignProgress extends Progress {
  readonly points?: readonly HistoryPoint[];
  readonly baseline?: BaselineResult;
  /** What `auto` has tried. */
  readonly candidate?: Candidate;
  /** A training of several seeds ended. */
  readonly seedResult?: SeedResult;
  /** A checkpoint was stored: Query may switch to it. */
  readonly checkpointStep?: number;
  readonly device?: string;
}
