import type { DevicePreference, EmbeddingChoice } from "./encoder";
import type { HubSource } from "./hub";
import type { Modality } from "./modality";
import type { Progress } from "../progress";
import type { HistoryPoint } from "./run";

/** What is to be frozen as a new hub. */
export interface FreezeRequest {
  readonly projectId: string;
  readonly name: string;
  readonly source: HubSource;
}

/** What is to join a hub, and how. */
export interface JoinRequest {
  readonly hubId: string;
  readonly name: string;
  /** Whose items of `modality`, paired with captions, join. */
  readonly projectId: string;
  readonly modality: Modality;
  readonly encoder: EmbeddingChoice;
  /** Members to train against; items belong together where captions are equal. */
  readonly anchors: readonly string[];
  readonly seed: number;
  readonly device: DevicePreference;
}

/** Progress of a joining, with what is new of the training curve. */
export interface JoinProgress extends Progress {
  readonly points?: readonly HistoryPoint[];
}
