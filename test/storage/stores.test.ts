import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { matrix } from "../../src/core/math/matrix";
import { BLOCK_ROWS, IdbDatasetStore } from "../../src/storage/datasetStore";
import { openPlaygroundDb, type PlaygroundDb } from "../../src/storage/db";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { IdbRunStore } from "../../src/storage/runStore";
import {
  sampleCheckpoint,
  sampleContent,
  sampleImage,
  sampleKept,
  samplePair,
  sampleProject,
  sampleProjectors,
  sampleRun,
  sampleText,
} from "../support/samples";

let db: PlaygroundDb;
beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
});
afterEach(() => db.close());

describe("IdbEmbeddingStore", () => {
  const chunk = (...values: number[]) => matrix(values.length / 2, 2, Float32Array.from(values));

  it("gives vectors back in the order asked for, across chunks", async () => {
    const store = new IdbEmbeddingStore(db);
    await store.putChunk("k", ["b", "a"], chunk(1, 2, 3, 4));
    await store.putChunk("k", ["c"], chunk(5, 6));
    expect(await store.encodedDigests("k")).toEqual(new Set(["a", "b", "c"]));
    expect([...(await store.load("k", ["c", "a", "b", "a"])).data]).toEqual([
      5, 6, 3, 4, 1, 2, 3, 4,
    ]);
  });

  it("reads only the chunks that hold what is asked for", async () => {
    const store = new IdbEmbeddingStore(db);
    await store.putChunk("k", ["b", "a"], chunk(1, 2, 3, 4));
    await store.putChunk("k", ["c"], chunk(5, 6));
    await store.putChunk("k", ["d", "e"], chunk(7, 8, 9, 10));
    const all = vi.spyOn(IDBObjectStore.prototype, "getAll");
    expect([...(await store.load("k", ["e", "a"])).data]).toEqual([9, 10, 3, 4]);
    expect(all).toHaveBeenCalledTimes(1); // the digests
    all.mockRestore();
  });

  it("keeps encoders apart, and says which item is missing", async () => {
    const store = new IdbEmbeddingStore(db);
    await store.putChunk("k", ["a"], chunk(1, 2));
    await store.putChunk("k2", ["b"], chunk(3, 4));
    expect(await store.encodedDigests("k")).toEqual(new Set(["a"]));
    await expect(store.load("k", ["a", "b"])).rejects.toMatchObject({
      code: "embeddings/missing",
      detail: "item 1 of 2",
    });
  });

  it("stores the rows of a view, not the buffer behind it", async () => {
    const store = new IdbEmbeddingStore(db);
    const large = new Float32Array(1000).fill(7);
    await store.putChunk("k", ["a"], matrix(1, 2, large.subarray(4, 6)));
    const stored = await db.get("embeddingChunks", ["vectors", "k", "a"]);
    expect((stored as { data: Float32Array }).data.buffer.byteLength).toBe(8);
  });

  it("refuses NaN and a wrong number of digests, keeping nothing", async () => {
    const store = new IdbEmbeddingStore(db);
    await expect(store.putChunk("k", ["a"], chunk(1, NaN))).rejects.toMatchObject({
      code: "data/non-finite",
    });
    await expect(store.putChunk("k", ["a", "b"], chunk(1, 2))).rejects.toMatchObject({
      code: "data/shape",
    });
    expect((await store.encodedDigests("k")).size).toBe(0);
  });

  it("drops vectors of items no project uses any more", async () => {
    const store = new IdbEmbeddingStore(db);
    await store.putChunk("k", ["a", "b"], chunk(1, 2, 3, 4));
    await store.putChunk("k", ["c"], chunk(5, 6));
    await store.prune(new Set(["b"]));
    expect(await store.encodedDigests("k")).toEqual(new Set(["a", "b"]));
    expect(await db.count("embeddingChunks")).toBe(2);
  });
});

describe("IdbDatasetStore", () => {
  const rows = BLOCK_ROWS * 2 + 3;
  const content = sampleContent({
    image: Array.from({ length: rows }, (_, i) => sampleImage(`i${i}`)),
    text: [sampleText("t0")],
    pairs: Array.from({ length: rows }, (_, i) => samplePair(i, 0)),
  });

  it("reads any window across block borders", async () => {
    const store = new IdbDatasetStore(db);
    await store.replaceData(sampleProject(), content);
    const window = await store.itemRange("p1", "image", BLOCK_ROWS - 1, BLOCK_ROWS + 2);
    expect(window.map((item) => item.digest)).toEqual(["i511", "i512", "i513"]);
    expect((await store.pairRange("p1", rows - 1, rows + 50)).map((pair) => pair.image)).toEqual([
      rows - 1,
    ]);
    expect(await store.items("p1", "image")).toHaveLength(rows);
  });

  it("says which originals it keeps, and none whose pack has gone", async () => {
    const store = new IdbDatasetStore(db);
    expect(await store.storedOriginals("p1")).toEqual(new Map());
    const blob = new Blob(["bytes"]);
    await store.putOriginals("p1", [
      { digest: "plain", blob },
      { digest: "small", blob, thumbnail: new Blob(["t"]) },
    ]);
    await store.putOriginals("p2", [{ digest: "other", blob }]);
    const known = new Map([
      ["plain", { thumbnail: false }],
      ["small", { thumbnail: true }],
    ]);
    expect(await store.storedOriginals("p1")).toEqual(known);
    await store.putOriginals("p1", [{ digest: "lost", blob }]);
    const keys = await db.getAllKeys("packs");
    const lost = (await db.get("places", ["p1", "lost"]))!.pack;
    await db.delete(
      "packs",
      keys.find(([, pack]) => pack === lost)!,
    );
    expect(await store.storedOriginals("p1")).toEqual(known);
  });

  it("drops the bytes of an unfinished import at once, its places right after, and nothing used", async () => {
    const store = new IdbDatasetStore(db);
    const blob = new Blob(["bytes"]);
    for (const project of ["p1", "p2"]) {
      await store.putOriginals(project, [{ digest: "i0", blob }]);
      await store.putOriginals(project, [{ digest: "orphan", blob }]);
    }
    await store.replaceData(sampleProject("p2"), { ...content, image: [sampleImage("i0")] });
    await store.putOriginals("p2", [{ digest: "orphan", blob }]);
    const packs = async (id: string) => (await db.getAllKeys("packs")).filter(([p]) => p === id);
    await store.dropOrphans("p1");
    expect(await packs("p1")).toEqual([]);
    await store.dropOrphans("p2");
    expect(await packs("p2")).toHaveLength(1);
    // Whoever asks next comes after the places are gone.
    expect(await store.storedOriginals("p2")).toEqual(new Map([["i0", { thumbnail: false }]]));
    expect(await db.getAllKeys("places")).toEqual([["p2", "i0"]]);
    expect(await (await store.blob("p2", "i0")).text()).toBe("bytes");
  });

  it("replaces everything at once and drops originals no item names", async () => {
    const store = new IdbDatasetStore(db);
    await store.putOriginals("p1", [
      { digest: "i0", blob: new Blob(["zero"]) },
      { digest: "i1", blob: new Blob(["one"]) },
    ]);
    await store.replaceData(sampleProject(), content);
    const smaller = sampleContent({
      image: [sampleImage("i1")],
      text: [sampleText("t0")],
      pairs: [samplePair(0, 0)],
    });
    await store.replaceData(sampleProject("p1", { name: "Renamed" }), smaller);
    expect(await store.items("p1", "image")).toHaveLength(1);
    expect(await store.pairs("p1")).toHaveLength(1);
    await expect(store.blob("p1", "i1")).resolves.toBeDefined();
    await expect(store.blob("p1", "i0")).rejects.toMatchObject({ code: "storage/missing" });
    expect((await new IdbProjectStore(db).get("p1")).name).toBe("Renamed");
  });
});

describe("IdbRunStore", () => {
  it("keeps two checkpoints, overwrites the older, and gives the newest", async () => {
    const store = new IdbRunStore(db);
    for (const step of [10, 20, 30, 40, 50]) {
      await store.putCheckpoint(
        sampleCheckpoint("r1", step),
        sampleProjectors("r1", step),
        sampleRun(),
      );
      expect((await store.checkpoint("r1"))?.step).toBe(step);
      expect((await store.projectors("r1"))?.step).toBe(step);
    }
    const held = await db.getAll("checkpoints");
    expect(held.map((c) => "step" in c && c.step).sort()).toEqual([40, 50]);
    await store.deleteCheckpoints("r1");
    expect(await store.checkpoint("r1")).toBeUndefined();
    expect((await store.projectors("r1"))?.step).toBe(50);
  });

  it("ends one training of several: no checkpoint of it is left for the next", async () => {
    const store = new IdbRunStore(db);
    const run = sampleRun("r1");
    const kept = sampleKept("r1", 7);
    for (const step of [10, 20]) {
      await store.putCheckpoint(sampleCheckpoint("r1", step), sampleProjectors("r1", step), run);
    }
    await store.endTraining({ ...run, best: { step: 7, score: 0.5 } }, kept);
    expect(await store.checkpoint("r1")).toBeUndefined();
    expect(await store.kept("r1")).toEqual(kept);
    expect((await store.projectors("r1"))?.step).toBe(7);
    expect((await store.get("r1")).best).toEqual({ step: 7, score: 0.5 });

    await store.putCheckpoint(sampleCheckpoint("r1", 3), sampleProjectors("r1", 3), run);
    expect((await store.checkpoint("r1"))?.step).toBe(3);
    await store.endTraining(run); // worse than what is kept
    expect([await store.checkpoint("r1"), await store.kept("r1")]).toEqual([undefined, kept]);
    await store.deleteCheckpoints("r1");
    expect(await db.getAllKeys("checkpoints")).toEqual([]);
  });

  it("deletes what a run kept with it, and nothing of a run whose name begins alike", async () => {
    const store = new IdbRunStore(db);
    await store.endTraining(sampleRun("r1"), sampleKept("r1", 7));
    await store.endTraining(sampleRun("r10"), sampleKept("r10", 8));
    await store.delete("r1");
    expect(await db.getAllKeys("checkpoints")).toEqual([["r10", "kept"]]);
  });
});

describe("name and notes of a run", () => {
  it("outlive what a worker writes that still holds the old ones", async () => {
    const store = new IdbRunStore(db);
    const run = sampleRun("r1");
    await store.put(run);
    await store.annotate("r1", { notes: "the good one" });
    await store.annotate("r1", { name: "renamed" });
    await store.putCheckpoint(sampleCheckpoint("r1", 1), sampleProjectors("r1", 1), {
      ...run,
      status: "running",
    });
    await store.put({ ...run, status: "done" });
    expect(await store.get("r1")).toMatchObject({
      name: "renamed",
      notes: "the good one",
      status: "done",
    });
  });

  it("are refused for a run that is gone", async () => {
    const store = new IdbRunStore(db);
    await expect(store.annotate("r1", { notes: "x" })).rejects.toMatchObject({
      code: "storage/missing",
    });
    expect(await store.list("p1")).toEqual([]);
  });
});

describe("IdbProjectStore", () => {
  it("removes a project with everything under it, and nothing of the next", async () => {
    const datasets = new IdbDatasetStore(db);
    const runs = new IdbRunStore(db);
    const projects = new IdbProjectStore(db);
    const content = sampleContent({
      image: [sampleImage("i")],
      text: [sampleText("t")],
      pairs: [samplePair(0, 0)],
    });
    for (const id of ["p1", "p2"]) {
      await datasets.putOriginals(id, [{ digest: "i", blob: new Blob(["x"]) }]);
      await datasets.replaceData(sampleProject(id), content);
      await runs.putCheckpoint(
        sampleCheckpoint(`r-${id}`, 1),
        sampleProjectors(`r-${id}`, 1),
        sampleRun(`r-${id}`, id),
      );
    }
    await projects.delete("p1");
    await expect(projects.get("p1")).rejects.toMatchObject({ code: "storage/missing" });
    for (const store of [
      "items",
      "packs",
      "places",
      "pairs",
      "runs",
      "checkpoints",
      "projectors",
    ] as const) {
      expect([store, await db.count(store)]).toEqual([store, store === "items" ? 2 : 1]);
    }
    expect(await datasets.items("p2", "text")).toHaveLength(1);
  });
});
