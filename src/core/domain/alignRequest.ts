import type { Progress } from "../progress";
import type { DevicePreference } from "./encoder";
import type { BaselineResult } from "./evaluation";
import type { Candidate, HistoryPoint, SeedResult } from "./run";

/** Which stored run to train, and where. */
export interface AlignRequest {
  readonly runId: string;
  readonly device: DevicePreference;
  /** Where the recipe's `trainOn` names concepts instead of a label column. */
  readonly concepts?: NamedConcepts;
}

/** Names of concepts with their text embeddings [names, D], raw as the encoder gives them. */
export interface NamedConcepts {
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
