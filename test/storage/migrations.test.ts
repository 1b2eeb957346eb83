import { openDB } from "idb";
import { expect, it, vi } from "vitest";
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
    "blobs checkpoints embeddingChunks items pairs projectors projects runs settings".split(" "),
  );
  expect(await db.getAllFromIndex("runs", "byProject", "p")).toEqual([]);
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
