import type { AlignSettings } from "./alignSettings";
import type { Device } from "./encoder";
import type { JoinWish } from "./joinRequest";
import type { NamedItems } from "./namedItems";
import type { HistoryPoint, ResolvedTraining } from "./run";

/** A joining that has begun and not ended: what was asked for, and how far it got. */
export interface UnfinishedJoining {
  readonly wish: JoinWish;
  readonly startedAt: number;
  readonly updatedAt: number;
  /** Items that could not be encoded, at the last try. */
  readonly failed: NamedItems;
  /** As of the newest checkpoint; null while nothing is trained. */
  readonly trained: TrainedSoFar | null;
}

/** What a training needs beside its checkpoint to go on, and what there is to show of it. */
export interface TrainedSoFar {
  readonly basis: JoinBasis;
  /** Of the joining project at the time, to tell early whether `basis` can still hold. */
  readonly dataDigest: string;
  /** The numbers it began with, whatever a newer version would choose. */
  readonly settings: AlignSettings;
  readonly training: ResolvedTraining;
  readonly device: Device;
  readonly step: number;
  readonly history: readonly HistoryPoint[];
  readonly best: { readonly step: number; readonly score: number } | null;
  /** Whether the training came to its end: what is left to do is to measure. */
  readonly isEnded: boolean;
}

/**
 * Digests of everything a projector is trained on, by what it depends on. Where one differs,
 * weights and moments of a checkpoint belong to another training and are not gone on with.
 */
export interface JoinBasis {
  /** Of the hub and of the members it is trained against. */
  readonly hub: string;
  /** Key of the encoder of what joins. */
  readonly encoder: string;
  /** Of the embeddings, pairs and splits, to the bit. */
  readonly data: string;
}

/** Parts of a basis, in the order they are named to people. */
export const BASIS_PARTS = [
  "hub",
  "encoder",
  "data",
] as const satisfies readonly (keyof JoinBasis)[];

/** Whether two wishes ask for the same numbers: the name of the member is none of them. */
export function isSameTraining(a: JoinWish, b: JoinWish): boolean {
  const said = ({ hubId, projectId, modality, encoder, anchors, seed }: JoinWish) => {
    const { id, pooling, layer } = encoder;
    return JSON.stringify([hubId, projectId, modality, id, pooling, layer, anchors, seed]);
  };
  return said(a) === said(b);
}
