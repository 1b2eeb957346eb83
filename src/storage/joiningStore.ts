import type { IDBPTransaction, StoreNames } from "idb";
import type { HubMember } from "../core/domain/hub";
import { joiningId, type JoinPlace, type JoinWish } from "../core/domain/joinRequest";
import { NO_ITEMS } from "../core/domain/namedItems";
import {
  isSameTraining,
  type TrainedSoFar,
  type UnfinishedJoining,
} from "../core/domain/unfinishedJoining";
import { AppError } from "../core/errors";
import type { JoiningStore } from "../core/joiningPort";
import type { Checkpoint } from "../core/ports";
import { allOf, newestOf, olderSlot, slotsOf } from "./checkpointSlots";
import type { PlaygroundDb, PlaygroundSchema } from "./db";

/** Joinings that have not ended, in IndexedDB; their checkpoints lie beside those of runs. */
export class IdbJoiningStore implements JoiningStore {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  async get(place: JoinPlace): Promise<UnfinishedJoining | undefined> {
    return this.#db.get("joinings", keyOf(place));
  }

  async list(hubId: string): Promise<UnfinishedJoining[]> {
    const found = await this.#db.getAll("joinings", IDBKeyRange.bound([hubId], [hubId, []]));
    return found.sort((a, b) => a.startedAt - b.startedAt);
  }

  async begin(wish: JoinWish, now: number): Promise<UnfinishedJoining> {
    const stores = ["hubs", "joinings", "checkpoints"] as const;
    const transaction = this.#db.transaction(stores, "readwrite");
    const joinings = transaction.objectStore("joinings");
    if (!(await transaction.objectStore("hubs").getKey(wish.hubId))) {
      throw new AppError("storage/missing", wish.hubId);
    }
    const before = await joinings.get(keyOf(wish));
    const goesOn = before && isSameTraining(before.wish, wish);
    const fresh = { startedAt: now, failed: NO_ITEMS, trained: null };
    const joining: UnfinishedJoining = { ...(goesOn ? before : fresh), wish, updatedAt: now };
    try {
      await Promise.all([
        !goesOn && transaction.objectStore("checkpoints").delete(allOf(joiningId(wish))),
        joinings.put(joining, keyOf(wish)),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
    return joining;
  }

  async note(place: JoinPlace, found: Pick<UnfinishedJoining, "failed">): Promise<void> {
    await this.#change(place, found);
  }

  async putCheckpoint(
    place: JoinPlace,
    checkpoint: Checkpoint,
    { at, ...trained }: TrainedSoFar & { readonly at: number },
  ): Promise<void> {
    const transaction = this.#db.transaction(["joinings", "checkpoints"], "readwrite");
    const joinings = transaction.objectStore("joinings");
    const checkpoints = transaction.objectStore("checkpoints");
    const joining = await joinings.get(keyOf(place));
    // Discarded meanwhile, or its hub deleted: nothing would ever remove what is written now.
    if (!joining) return transaction.done;
    const slot = await olderSlot(checkpoints, joiningId(place));
    try {
      await Promise.all([
        checkpoints.put(checkpoint, [joiningId(place), slot]),
        joinings.put({ ...joining, trained, updatedAt: at }, keyOf(place)),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async checkpoint(place: JoinPlace): Promise<Checkpoint | undefined> {
    return newestOf(await this.#db.getAll("checkpoints", slotsOf(joiningId(place))));
  }

  async restart(place: JoinPlace): Promise<void> {
    await this.#db.delete("checkpoints", allOf(joiningId(place)));
    await this.#change(place, { trained: null });
  }

  async end(place: JoinPlace, member: HubMember): Promise<void> {
    const stores = ["hubs", "hubMembers", "joinings", "checkpoints"] as const;
    const transaction = this.#db.transaction(stores, "readwrite");
    if (!(await transaction.objectStore("hubs").getKey(place.hubId))) {
      throw new AppError("storage/missing", place.hubId);
    }
    try {
      await Promise.all([
        transaction.objectStore("hubMembers").put(member, [member.hubId, member.id]),
        ...deletionsOf(transaction, keyOf(place)),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async delete(place: JoinPlace): Promise<void> {
    const transaction = this.#db.transaction(["joinings", "checkpoints"], "readwrite");
    await Promise.all([...deletionsOf(transaction, keyOf(place)), transaction.done]);
  }

  async #change(place: JoinPlace, change: Partial<UnfinishedJoining>): Promise<void> {
    const transaction = this.#db.transaction("joinings", "readwrite");
    const joining = await transaction.store.get(keyOf(place));
    try {
      await Promise.all([
        joining && transaction.store.put({ ...joining, ...change }, keyOf(place)),
        transaction.done,
      ]);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }
}

const keyOf = ({ hubId, projectId }: JoinPlace): [string, string] => [hubId, projectId];

/** Removes a joining and its checkpoints as part of a transaction over both stores. */
export function deletionsOf<Stores extends StoreNames<PlaygroundSchema>[]>(
  transaction: IDBPTransaction<PlaygroundSchema, Stores, "readwrite">,
  [hubId, projectId]: [hubId: string, projectId: string],
): Promise<void>[] {
  return [
    transaction.objectStore("joinings").delete([hubId, projectId]),
    transaction.objectStore("checkpoints").delete(allOf(joiningId({ hubId, projectId }))),
  ];
}
