import { Blob as NodeBlob } from "node:buffer";
import { openDB } from "idb";
import { expect, it, vi } from "vitest";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import { openPlaygroundDb, SCHEMA_VERSION } from "../../src/storage/db";
import { IdbRunStore } from "../../src/storage/runStore";

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
    "checkpoints doubts embeddingChunks encoders hubMembers hubs items joinings packs pairs places projectors projects runs settings".split(
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
      report: { rows: 1, items: { image: 1, text: 1, audio: 0, sensor: 0 } },
    },
  });
  expect(await db.get("projects", "q")).toMatchObject({ name: "Empty", data: null });
  db.close();
});

it("says of the runs of a version 3 database what they were, and keeps their checkpoints", async () => {
  const name = crypto.randomUUID();
  const old = await openDB(name, 3, {
    upgrade(db) {
      for (const store of [
        ..."projects items pairs embeddingChunks settings checkpoints projectors".split(" "),
        ..."packs places encoders".split(" "),
      ]) {
        db.createObjectStore(store);
      }
      db.createObjectStore("runs").createIndex("byProject", "projectId");
    },
  });
  const estimate = { value: 0.5, low: 0.4, high: 0.6 };
  const direction = { gallery: 10, queries: 10, medianRank: 2, recall: { "1": estimate } };
  const pair = { imageToText: direction, textToImage: direction };
  const align = {
    ...{ method: "linear", dimension: 512, steps: 200, batchSize: "auto", learningRate: 0.001 },
    ...{ weightDecay: 0.02, fuseMix: "auto", structure: null, seed: 3 },
  };
  const recipe = {
    ...{ version: 1, name: "old", data: { project: "p" } },
    split: { group: "auto", validation: 0.1, test: 0.1, seed: 0 },
    encoders: {
      image: { id: "efficientnet-lite0", pooling: "mean", layer: null },
      text: { id: "all-minilm-l6-v2", pooling: "mean", layer: null },
    },
    align,
    evaluate: {
      retrieval: [1],
      zeroShot: { label: "category", templates: ["a {}"] },
      baselines: ["chance"],
    },
  };
  const common = {
    ...{ projectId: "p", name: "old", createdAt: 1, updatedAt: 2, dataDigest: "d", recipe },
    ...{ embeddingKeys: { image: "i", text: "t" }, device: "wasm", versions: { page: "1" } },
    ...{ splits: { train: 8, validation: 1, test: 1 }, leftOut: 0, best: { step: 1, score: 0.5 } },
    training: { steps: 200, batchSize: 8, fuseMix: true, dimension: 512 },
    timings: { alignMs: 1, stepMs: 1 },
  };
  const first = { step: 1, loss: 2, logitScale: 14, learningRate: 0.001, elapsedMs: 5 };
  const done = {
    ...{ ...common, id: "done", status: "done", test: pair },
    history: [first, { ...first, step: 2, validation: pair }],
    baselines: [{ id: "chance", validation: pair, test: pair, chosen: {}, elapsedMs: 1 }],
    zeroShot: {
      ...{ label: "category", classes: 2, queries: 9, top1: estimate, top5: estimate },
      ...{ macro: 0.5, ceiling: null },
    },
  };
  const paused = {
    ...{ ...common, id: "paused", status: "paused", test: null, zeroShot: null },
    ...{ history: [first], baselines: [] },
  };
  const queued = { ...paused, id: "queued", status: "queued", training: null };
  for (const run of [done, paused, queued]) await old.put("runs", run, run.id);
  const tensors = { w: { shape: [2], data: new Float32Array([1, -2]) } };
  const checkpoint = {
    ...{ runId: "paused", step: 1, weights: tensors, firstMoments: tensors },
    ...{ secondMoments: tensors, history: [first], best: null, bestWeights: null, elapsedMs: 5 },
  };
  await old.put("checkpoints", checkpoint, ["paused", 0]);
  old.close();

  const db = await openPlaygroundDb(name);
  const runs = new IdbRunStore(db);
  const kept = await runs.get("done");
  const unranked = { ...direction, meanRank: Number.NaN, meanReciprocalRank: Number.NaN };
  const both = { imageToText: unranked, textToImage: unranked };
  expect(kept).toEqual({
    ...done,
    recipe: {
      ...recipe,
      align: {
        ...align,
        ...{ projectors: { image: "auto", text: "auto" }, expansion: 2, loss: "auto" },
        ...{ positives: "sampled", negatives: "batch", trainOn: "all", seeds: 1 },
        // As version 3 trained, so that the recipe repeats the run.
        ...{ dropout: 0.1, gradientClip: null, patience: null },
      },
      evaluate: { ...recipe.evaluate, csls: false },
    },
    training: { ...done.training, dropout: 0.1, patience: null },
    history: [first, { ...first, step: 2, validation: both }],
    baselines: [{ ...done.baselines[0], validation: both, test: both }],
    test: both,
    zeroShot: {
      ...done.zeroShot,
      ...{ knnCeiling: null, templates: ["a {}"], perClass: [], confusion: null },
    },
    ...{ report: null, chosen: {}, method: "linear", candidates: [], seedResults: [] },
    ...{ coverage: null, warnings: [], sweep: null, notes: "" },
  });
  expect(resolveRecipe(kept.recipe)).toEqual(kept.recipe);
  expect(await runs.get("paused")).toMatchObject({ status: "paused", test: null, zeroShot: null });
  expect(await runs.checkpoint("paused")).toEqual(checkpoint);
  expect((await runs.get("queued")).training).toBeNull();
  expect(await runs.list("p")).toHaveLength(3);
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
