import { beforeEach, describe, expect, it } from "vitest";
import { joiningId, type JoinWish } from "../../src/core/domain/joinRequest";
import { openPlaygroundDb, type PlaygroundDb } from "../../src/storage/db";
import { IdbDoubtStore } from "../../src/storage/doubtStore";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { IdbHubStore } from "../../src/storage/hubStore";
import { IdbJoiningStore } from "../../src/storage/joiningStore";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { sampleHub, sampleMember } from "../support/hubFixture";
import { sampleTrained } from "../support/sampleHubs";
import { sampleProject } from "../support/samples";

let db: PlaygroundDb;
let store: IdbJoiningStore;
beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
  store = new IdbJoiningStore(db);
  await new IdbHubStore(db).put(sampleHub());
  return () => db.close();
});

const wish: JoinWish = {
  ...{ hubId: "h1", projectId: "p2", name: "Sounds", modality: "audio", seed: 0 },
  ...{ encoder: { id: "sounds", pooling: "mean", layer: null }, anchors: ["text"] },
};

async function trainTo(step: number, place: JoinWish = wish) {
  const { checkpoint, trained } = sampleTrained(joiningId(place), step);
  await store.putCheckpoint(place, checkpoint, { ...trained, at: step });
}

const nothingLeft = async () => [
  await db.getAllKeys("joinings"),
  await db.getAllKeys("checkpoints"),
];

describe("a joining that has not ended", () => {
  it("goes on under another name, and begins anew where it asks for something else", async () => {
    await store.begin(wish, 1);
    await trainTo(20);
    const renamed = await store.begin({ ...wish, name: "Voices" }, 2);
    expect(renamed).toMatchObject({
      startedAt: 1,
      wish: { name: "Voices" },
      trained: { step: 20 },
    });
    expect((await store.checkpoint(wish))?.step).toBe(20);
    const other = await store.begin({ ...wish, anchors: ["image"] }, 3);
    expect(other).toMatchObject({ startedAt: 3, trained: null });
    expect(await store.checkpoint(wish)).toBeUndefined();
  });

  it("keeps two checkpoints, overwrites the older, and gives the newest", async () => {
    await store.begin(wish, 1);
    for (const step of [10, 20, 30]) {
      await trainTo(step);
      expect((await store.checkpoint(wish))?.step).toBe(step);
      expect((await store.get(wish))?.trained?.step).toBe(step);
    }
    const held = await db.getAll("checkpoints");
    expect(held.map((each) => "step" in each && each.step).sort()).toEqual([20, 30]);
  });

  it("forgets its training, and nothing else, when that does not fit any more", async () => {
    await store.begin(wish, 1);
    await trainTo(20);
    await store.restart(wish);
    expect(await store.get(wish)).toMatchObject({ wish, trained: null });
    expect(await db.getAllKeys("checkpoints")).toEqual([]);
  });

  it("ends with its member, all or nothing", async () => {
    await store.begin(wish, 1);
    await trainTo(20);
    const member = sampleMember("audio", { id: "sounds" });
    await store.end(wish, member);
    expect(await db.getAll("hubMembers")).toEqual([member]);
    expect(await nothingLeft()).toEqual([[], []]);
  });

  it("cannot begin or end in a hub that is gone", async () => {
    await new IdbHubStore(db).delete("h1");
    const missing = { code: "storage/missing" };
    await expect(store.begin(wish, 1)).rejects.toMatchObject(missing);
    await expect(store.end(wish, sampleMember("audio"))).rejects.toMatchObject(missing);
  });
});

describe("leftovers", () => {
  it("goes with its hub, its project, and the project the hub was made from", async () => {
    const deletions = [
      () => new IdbHubStore(db).delete("h1"),
      () => new IdbProjectStore(db).delete("p2"),
      () => new IdbProjectStore(db).delete("p1"),
      () => store.delete(wish),
    ];
    for (const remove of deletions) {
      await new IdbHubStore(db).put(sampleHub());
      await new IdbProjectStore(db).put(sampleProject("p2"));
      await store.begin(wish, 1);
      await trainTo(20);
      await remove();
      expect(await nothingLeft()).toEqual([[], []]);
    }
  });

  it("stay out: a training whose joining was discarded writes nothing any more", async () => {
    await store.begin(wish, 1);
    await store.delete(wish);
    await trainTo(20);
    await store.note(wish, { failed: { count: 1, named: [] } });
    expect(await nothingLeft()).toEqual([[], []]);
  });

  it("leave joinings of other hubs and other items alone", async () => {
    const others = [
      { ...wish, projectId: "p22" },
      { ...wish, hubId: "h11" },
    ];
    await new IdbHubStore(db).put(sampleHub({ id: "h11" }));
    for (const each of [wish, ...others]) {
      await store.begin(each, 1);
      await trainTo(20, each);
    }
    await store.delete(wish);
    expect((await store.list("h1")).map((each) => each.wish.projectId)).toEqual(["p22"]);
    expect(await store.list("h11")).toHaveLength(1);
    expect(await db.getAllKeys("checkpoints")).toHaveLength(2);
  });
});

it("doubts about recordings stay until nothing names the recording any more", async () => {
  const doubts = new IdbDoubtStore(db);
  await doubts.put(new Map([["a", "it is silent"], ["b", "it is too loud"]])); // prettier-ignore
  await new IdbEmbeddingStore(db).prune(new Set(["b"]));
  expect([...(await doubts.all())]).toEqual([["b", "it is too loud"]]);
});
