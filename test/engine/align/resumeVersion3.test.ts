import { readFileSync } from "node:fs";
import { openDB } from "idb";
import { beforeEach, expect, it } from "vitest";
import type { ProjectorPair } from "../../../src/core/domain/projector";
import type { Run } from "../../../src/core/domain/run";
import { AlignService } from "../../../src/engine/align/alignService";
import { openBackend } from "../../../src/engine/align/backend";
import { IdbDatasetStore } from "../../../src/storage/datasetStore";
import { openPlaygroundDb, type PlaygroundDb } from "../../../src/storage/db";
import { IdbEmbeddingStore } from "../../../src/storage/embeddingStore";
import { IdbEncoderStore } from "../../../src/storage/encoderStore";
import { IdbRunStore } from "../../../src/storage/runStore";

interface Fixture {
  /** Every record of the database. */
  readonly stores: Record<string, { readonly key: IDBValidKey; readonly value: unknown }[]>;
  /** What the same run gave that was not paused. */
  readonly expected: { readonly run: Run; readonly projectors: ProjectorPair };
}

/**
 * Written by version 3 of the page itself: a freeze-align run of 30 steps on 30 pairs of 50, paused
 * on its way, and what the same run gave in one go.
 */
const FILE = new URL("../../fixtures/version-3-paused.json", import.meta.url);

let fixture: Fixture;
let db: PlaygroundDb;
beforeEach(async () => {
  fixture = JSON.parse(readFileSync(FILE, "utf8"), decoded) as Fixture;
  const name = crypto.randomUUID();
  const old = await openDB(name, 3, {
    upgrade(created) {
      for (const store of Object.keys(fixture.stores)) {
        const made = created.createObjectStore(store);
        if (store === "runs") made.createIndex("byProject", "projectId");
      }
    },
  });
  for (const [store, records] of Object.entries(fixture.stores)) {
    for (const { key, value } of records) await old.put(store, value, key);
  }
  old.close();
  db = await openPlaygroundDb(name);
  return () => db.close();
});

/** Float32 arrays are stored as their bytes. */
function decoded(_: string, value: unknown): unknown {
  const bytes = (value as { float32?: unknown } | null)?.float32;
  if (typeof bytes !== "string") return value;
  return new Float32Array(Uint8Array.from(Buffer.from(bytes, "base64")).buffer);
}

it("a run paused by version 3 goes on from its checkpoint, to the same weights", async () => {
  const runs = new IdbRunStore(db);
  const { expected } = fixture;
  const start = await runs.checkpoint("r1");
  expect((await runs.get("r1")).status).toBe("paused");
  expect(start?.step).toBe(15);

  const steps: number[] = [];
  let now = 0;
  const service = new AlignService({
    datasets: new IdbDatasetStore(db),
    embeddings: new IdbEmbeddingStore(db),
    encoders: new IdbEncoderStore(db),
    runs,
    openBackend: () => openBackend("wasm"),
    clock: () => (now += 1_000),
    now: () => 1,
    versions: {},
  });
  const request = { runId: "r1", device: "wasm" } as const;
  const run = await service.align(request, new AbortController().signal, ({ points = [] }) => {
    steps.push(...points.map(({ step }) => step));
  });

  expect(steps).toEqual(Array.from({ length: 15 }, (_, i) => 16 + i)); // none of the first repeated
  expect([run.status, run.best?.step]).toEqual(["done", expected.run.best?.step]);
  expect(run.best?.score).toBeCloseTo(expected.run.best?.score ?? NaN, 6);
  expect(run.history.map(({ step }) => step)).toEqual(expected.run.history.map(({ step }) => step));
  for (const [i, { loss }] of run.history.entries()) {
    expect(loss).toBeCloseTo(expected.run.history[i]?.loss ?? NaN, 3);
  }
  expect(run.test).toMatchObject({ ...expected.run.test });
  const projectors = await runs.projectors("r1");
  for (const side of ["image", "text"] as const) {
    const { tensors } = expected.projectors[side];
    expect(Object.keys(projectors?.[side].tensors ?? {})).toEqual(Object.keys(tensors));
    for (const [name, { data }] of Object.entries(tensors)) {
      const now = projectors?.[side].tensors[name]?.data ?? [];
      const furthest = Math.max(...Array.from(data, (value, i) => Math.abs(value - now[i]!)));
      expect(furthest).toBeLessThan(1e-4);
    }
  }
  expect(await db.getAllKeys("checkpoints")).toEqual([]);
});
