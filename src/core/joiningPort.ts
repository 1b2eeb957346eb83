import type { HubMember } from "./domain/hub";
import type { JoinPlace, JoinWish } from "./domain/joinRequest";
import type { TrainedSoFar, UnfinishedJoining } from "./domain/unfinishedJoining";
import type { Checkpoint } from "./ports";

/** Joinings that have begun and not ended, with the checkpoints of their trainings. */
export interface JoiningStore {
  get(place: JoinPlace): Promise<UnfinishedJoining | undefined>;
  /** Those of a hub, oldest first. */
  list(hubId: string): Promise<UnfinishedJoining[]>;
  /**
   * Notes that a joining begins, or goes on: what is stored stays where it asks for the same
   * training, and else makes room, checkpoints and all.
   *
   * @throws AppError `storage/missing` where the hub is gone.
   */
  begin(wish: JoinWish, now: number): Promise<UnfinishedJoining>;
  /** Writes what encoding found; nothing where the joining is gone. */
  note(place: JoinPlace, found: Pick<UnfinishedJoining, "failed">): Promise<void>;
  /**
   * Writes into the older of two slots, in one transaction with how far it got; nothing where the
   * joining was discarded meanwhile.
   *
   * @throws AppError `storage/quota`.
   */
  putCheckpoint(
    place: JoinPlace,
    checkpoint: Checkpoint,
    trained: TrainedSoFar & { readonly at: number },
  ): Promise<void>;
  /** The newest whole checkpoint, or undefined. */
  checkpoint(place: JoinPlace): Promise<Checkpoint | undefined>;
  /** Forgets the training, so that it begins anew. */
  restart(place: JoinPlace): Promise<void>;
  /**
   * Stores the member a joining ends with and removes the joining, all or nothing.
   *
   * @throws AppError `storage/missing` where the hub is gone, `storage/quota`.
   */
  end(place: JoinPlace, member: HubMember): Promise<void>;
  /** Removes a joining with its checkpoints; what was encoded stays. */
  delete(place: JoinPlace): Promise<void>;
}
