import type { FrozenCheck, Hub, HubMember, PathScore } from "../core/domain/hub";
import type {
  FreezeRequest,
  JoinPlace,
  JoinProgress,
  JoinRequest,
} from "../core/domain/joinRequest";
import type { ExportedFile } from "../core/domain/takeAway";
import type { Progress } from "../core/progress";

/** Main thread <-> workers/join.worker.ts: makes hubs and brings members into them. */
export type JoinContract = {
  /** Freezes a run's projectors, or a text encoder's own space, as a new hub; stores it. */
  freeze: {
    params: FreezeRequest;
    progress: Progress;
    result: Hub;
  };
  /**
   * Trains one projector against frozen members, measures every path, checks that nothing frozen
   * moved, and stores the member. Items and captions of `projectId` must be encoded. Cancelling
   * saves a checkpoint, from which the next call for the same items and hub goes on.
   */
  join: { params: JoinRequest; progress: JoinProgress; result: HubMember };
  /** Lets the training of a running `join` end after the step in hand, with its best. */
  finish: { params: JoinPlace; progress: never; result: null };
  /** Computes again what the hub gave when it was frozen, and compares. */
  check: { params: { hubId: string }; progress: Progress; result: FrozenCheck };
  /** Measures one path now. @throws `data/too-few` where nothing can be measured. */
  scorePath: {
    params: { hubId: string; from: string; to: string };
    progress: Progress;
    result: PathScore;
  };
  /** One member as a file of its own: see docs/hub.md. */
  packSense: {
    params: { hubId: string; memberId: string };
    progress: never;
    result: ExportedFile;
  };
  /** Brings a member in from a file; refuses one that was made for another hub. */
  unpackSense: { params: { hubId: string; file: Blob }; progress: never; result: HubMember };
};
