import type { AlignProgress, AlignRequest } from "../core/domain/alignRequest";
import type { ProjectorPair } from "../core/domain/projector";
import type { Run } from "../core/domain/run";

/** Main thread <-> workers/align.worker.ts. Weights and vectors stay in IndexedDB. */
export type AlignContract = {
  /**
   * Trains the stored run, from its last checkpoint if it has one. Cancelling saves a checkpoint
   * and leaves the run `paused`; `finish` ends it early with the best checkpoint.
   */
  align: { params: AlignRequest; progress: AlignProgress; result: Run };
  /** Asks a running `align` of this run to stop after the current step and evaluate its best. */
  finish: { params: { runId: string }; progress: never; result: null };
  /**
   * Projectors after the step in hand of a running `align`, for a search that follows the training;
   * null when this run is not training a head now. Asking more often than steps take is harmless.
   */
  latest: { params: { runId: string }; progress: never; result: ProjectorPair | null };
};
