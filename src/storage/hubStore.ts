import type { Hub, HubMember, WholeHub } from "../core/domain/hub";
import { AppError } from "../core/errors";
import type { HubStore } from "../core/ports";
import type { PlaygroundDb } from "./db";
import { deletionsOf } from "./joiningStore";

/** Hubs and who joined them, in IndexedDB. */
export class IdbHubStore implements HubStore {
  readonly #db: PlaygroundDb;

  constructor(db: PlaygroundDb) {
    this.#db = db;
  }

  async get(hubId: string): Promise<WholeHub> {
    const transaction = this.#db.transaction(["hubs", "hubMembers"]);
    const [hub, joined] = await Promise.all([
      transaction.objectStore("hubs").get(hubId),
      transaction.objectStore("hubMembers").getAll(partsOf(hubId)),
    ]);
    if (!hub) throw new AppError("storage/missing", hubId);
    const inOrder = joined.sort((a, b) => (a.joined?.at ?? 0) - (b.joined?.at ?? 0));
    return { hub, members: [...hub.base, ...inOrder] };
  }

  async list(): Promise<Hub[]> {
    const hubs = await this.#db.getAll("hubs");
    return hubs.sort((a, b) => b.createdAt - a.createdAt);
  }

  async put(hub: Hub): Promise<void> {
    try {
      await this.#db.put("hubs", hub, hub.id);
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async putMember(member: HubMember): Promise<void> {
    const transaction = this.#db.transaction(["hubs", "hubMembers"], "readwrite");
    try {
      // A hub that was deleted meanwhile gets no member: nothing would ever remove it.
      if (!(await transaction.objectStore("hubs").getKey(member.hubId))) {
        throw new AppError("storage/missing", member.hubId);
      }
      await transaction.objectStore("hubMembers").put(member, [member.hubId, member.id]);
      await transaction.done;
    } catch (thrown) {
      throw AppError.from(thrown);
    }
  }

  async deleteMember(hubId: string, memberId: string): Promise<void> {
    await this.#db.delete("hubMembers", [hubId, memberId]);
  }

  async delete(hubId: string): Promise<void> {
    const stores = ["hubs", "hubMembers", "joinings", "checkpoints"] as const;
    const transaction = this.#db.transaction(stores, "readwrite");
    const joinings = await transaction.objectStore("joinings").getAllKeys(partsOf(hubId));
    await Promise.all([
      transaction.objectStore("hubs").delete(hubId),
      transaction.objectStore("hubMembers").delete(partsOf(hubId)),
      ...joinings.flatMap((key) => deletionsOf(transaction, key)),
      transaction.done,
    ]);
  }
}

/** Everything under a hub's id. */
const partsOf = (hubId: string) => IDBKeyRange.bound([hubId], [hubId, []]);
