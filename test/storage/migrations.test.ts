import { Blob as NodeBlob } from "node:buffer";
import { openDB } from "idb";
import { expect, it, vi } from "vitest";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import { openPlaygroundDb, SCHEMA_VERSION } from "../../src/storage/db";

it("brings a version 1 database up to date and keeps what was in it", async () => {
  const name = crypto.randomUUID();
  // Version 1 as it was, built by hand: no runs, checkpoints or projectors.
  const old = await openDB(name, 1, {
    upgrade(db) {
      for (const store of ["projects", "items", "blobs", "pairs", "embeddingChunks", "settings"]) {
        db.createObjectStore(store);
      }
    },
  });
  await old.put("projects", { id: "p", name: "Kept" }, "p");
  await old.put("embeddingChunks", ["a"], ["digests", "key", "a"]);
  old.close();

  const db = await openPlaygroundDb(name);
  expect(db.version).toBe(SCHEMA_VERSION);
  expect(await db.get("projects", "p")).toMatchObject({ name: "Kept" });
  expect(await db.get("embeddingChunks", ["digests", "key", "a"])).toEqual(["a"]);
  expect([...db.objectStoreNames].sort()).toEqual(
    "checkpoints embeddingChunks encoders items packs pairs places projectors projects runs settings".split(
      " ",
    ),
  );
  expect(await db.getAllFromIndex("runs", "byProject", "p")).toEqual([]);
  db.close();
});

it("packs the originals of a version 2 database and describes its projects", async () => {
  const name = crypto.randomUUID();
  const old = await openDB(name, 2, {
    upgrade(db) {
      for (const store of ["projects", "items", "blobs", "pairs", "embeddingChunks", "settings"]) {
        db.createObjectStore(store);
      }
      db.createObjectStore("runs").createIndex("byProject", "projectId");
      db.createObjectStore("checkpoints");
      db.createObjectStore("projectors");
    },
  });
  const report = { rows: 1, items: { image: 1, text: 1 } };
  await old.put(
    "projects",
    {
      id: "p",
      name: "Kept",
      encoders: { image: "efficientnet-lite0", text: "all-minilm-l6-v2" },
      data: { digest: "d", source: "a.zip", report },
    },
    "p",
  );
  await old.put("projects", { id: "q", name: "Empty", encoders: {}, data: null }, "q");
  await old.put("blobs", new NodeBlob(["one"], { type: "image/png" }), ["p", "i1"]);
  await old.put("blobs", new NodeBlob(["three"]), ["p", "i2"]);
  old.close();

  const db = await openPlaygroundDb(name);
  const datasets = new IdbDatasetStore(db);
  const blob = await datasets.blob("p", "i1");
  expect([await blob.text(), blob.type]).toEqual(["one", "image/png"]);
  expect(await (await datasets.thumbnail("p", "i2")).text()).toBe("three");
  expect(await db.get("projects", "p")).toMatchObject({
    encoders: {
      image: { id: "efficientnet-lite0", pooling: "mean", layer: null },
      text: { id: "all-minilm-l6-v2", pooling: "mean", layer: null },
    },
    data: {
      digest: "d",
      format: "imagefolder",
      media: "image",
      edits: [],
      report: { rows: 1, items: { image: 1, text: 1, audio: 0 } },
    },
  });
  expect(await db.get("projects", "q")).toMatchObject({ name: "Empty", data: null });
  db.close();
});

it("lets go of the database when a newer version of the page opens it", async () => {
  const name = crypto.randomUUID();
  const outdated = vi.fn();
  await openPlaygroundDb(name, outdated);
  const newer = await openDB(name, SCHEMA_VERSION + 1);
  expect(outdated).toHaveBeenCalledOnce();
  newer.close();
});

it("says so when the stored data is newer than the page", async () => {
  const name = crypto.randomUUID();
  (await openDB(name, SCHEMA_VERSION + 1)).close();
  await expect(openPlaygroundDb(name)).rejects.toMatchObject({ code: "storage/outdated" });
});
