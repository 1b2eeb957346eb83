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

/** `JoinRequest` without what the app knows by itself: what a visitor asks for. */
export type JoinWish = Omit<JoinRequest, "device">;

/** Whose items join which hub: one joining of the two at a time. */
export type JoinPlace = Pick<JoinRequest, "hubId" | "projectId">;

/** Names a joining: its job, its lock, and its checkpoints. */
export const joiningId = ({ hubId, projectId }: JoinPlace): string => `join/${hubId}/${projectId}`;

/** Progress of a joining, with what is new of the training curve. */
export interface JoinProgress extends Progress {
  readonly points?: readonly HistoryPoint[];
}
