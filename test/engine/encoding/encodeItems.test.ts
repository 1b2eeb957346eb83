import { expect, it } from "vitest";
import type { Item } from "../../../src/core/domain/dataset";
import { AppError } from "../../../src/core/errors";
import type { Progress } from "../../../src/core/progress";
import { batchSizeOf, encodeItems } from "../../../src/engine/encoding/encodeItems";
import { captions, MemoryEmbeddings, TinyEncoder } from "../../support/tinyEncoder";

const TEXTS = ["dddd", "a", "eeeee", "bb", "ccc", "ffffff", "g"];

function setup(items: readonly Item[] = captions(...TEXTS)) {
  const encoder = new TinyEncoder();
  const embeddings = new MemoryEmbeddings();
  const stop = new AbortController();
  const progress: Progress[] = [];
  let now = 0;
  const run = (change: { skip?: string[]; batchSize?: number; stepMs?: number } = {}) =>
    encodeItems({
      items,
      encoderKey: "key",
      encoder,
      embeddings,
      load: async ({ text = "" }) => text,
      skip: [],
      batchSize: 2,
      signal: stop.signal,
      report: (event) => progress.push(event),
      clock: () => (now += change.stepMs ?? 1000),
      ...change,
    });
  return { encoder, embeddings, stop, progress, run };
}

const bytes = (store: MemoryEmbeddings) =>
  Object.fromEntries([...store.rows].sort().map(([digest, row]) => [digest, [...row]]));

it("stores every item under its own digest, short captions first", async () => {
  const { run, embeddings, encoder } = setup();
  expect(await run()).toEqual({ encoded: 7, failed: [] });
  expect(encoder.batches).toEqual([["a", "g"], ["bb", "ccc"], ["dddd", "eeeee"], ["ffffff"]]);
  expect([...(embeddings.rows.get("digest:bb") ?? [])]).toEqual([2, 98, 196]);
  expect(embeddings.rows.size).toBe(7);
});

it("encodes only what is missing", async () => {
  const { run, encoder, progress } = setup();
  await run();
  encoder.batches.length = 0;
  progress.length = 0;
  expect(await run()).toEqual({ encoded: 0, failed: [] });
  expect(encoder.batches).toEqual([]);
  expect(progress).toEqual([{ stage: "encode", done: 7, total: 7, unit: "items" }]);
});

it("keeps finished batches when stopped, and ends with the same bytes and chunks when resumed", async () => {
  const whole = setup();
  await whole.run();

  const { run, encoder, embeddings, stop, progress } = setup();
  encoder.before = (batch) => {
    if (batch.includes("bb")) stop.abort();
  };
  await expect(run()).rejects.toMatchObject({ code: "cancelled" });
  expect(embeddings.chunks.flat()).toEqual(["digest:a", "digest:g", "digest:bb", "digest:ccc"]);

  const resumed = setup();
  for (const [digest, row] of embeddings.rows) resumed.embeddings.rows.set(digest, row);
  expect((await resumed.run()).encoded).toBe(3);
  expect(resumed.progress[0]?.done).toBe(4);
  expect(bytes(resumed.embeddings)).toEqual(bytes(whole.embeddings));
  expect([...embeddings.chunks, ...resumed.embeddings.chunks]).toEqual(whole.embeddings.chunks);
  expect(progress.at(-1)?.done).toBe(4);
});

it("counts a stop that comes after the last batch began as done", async () => {
  const { run, encoder, stop } = setup();
  encoder.before = (batch) => {
    if (batch.includes("ffffff")) stop.abort();
  };
  expect((await run()).encoded).toBe(7);
});

it("reports a bad item with its place and goes on with the rest", async () => {
  const { run, encoder, embeddings } = setup(captions("a", "bad", "cccc", "nan", "eeeee"));
  const { encoded, failed } = await run({ batchSize: 3 });
  expect(encoded).toBe(3);
  expect(failed).toEqual([
    {
      digest: "digest:bad",
      source: "metadata.csv:3",
      reason: "An item cannot be decoded. (the picture cannot be decoded)",
    },
    {
      digest: "digest:nan",
      source: "metadata.csv:5",
      reason: "The numbers contain NaN or infinity. (encoder output)",
    },
  ]);
  expect([...embeddings.rows.keys()].sort()).toEqual(["digest:a", "digest:cccc", "digest:eeeee"]);
  expect(encoder.batches).toContainEqual(["bad"]);
});

it("gives up when the session refuses one item after another", async () => {
  const items = captions(...Array.from({ length: 30 }, (_, i) => `item ${i}`));
  const { run, encoder, embeddings } = setup(items);
  encoder.before = () => {
    throw new AppError("encoder/failed", "memory access out of bounds");
  };
  await expect(run({ batchSize: 16 })).rejects.toMatchObject({ code: "encoder/failed" });
  expect(embeddings.rows.size).toBe(0);
});

it.each(["webgpu/lost", "internal"] as const)("does not blame items for %s", async (code) => {
  const { run, encoder } = setup();
  encoder.before = () => {
    throw new AppError(code);
  };
  await expect(run()).rejects.toMatchObject({ code });
  expect(encoder.batches.length).toBeLessThanOrEqual(2);
});

it("stops at a full disk, with nothing still running", async () => {
  const { run, embeddings, encoder } = setup();
  embeddings.failWith = new AppError("storage/quota");
  await expect(run()).rejects.toMatchObject({ code: "storage/quota" });
  const begun = encoder.batches.length;
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(encoder.batches.length).toBe(begun);
});

it("leaves skipped digests out and encodes equal content once", async () => {
  const { run, embeddings } = setup(captions("a", "a", "bb", "ccc"));
  expect((await run({ skip: ["digest:bb"] })).encoded).toBe(2);
  expect([...embeddings.rows.keys()]).toEqual(["digest:a", "digest:ccc"]);
});

it("prepares the next batch while one is in the session, and no more than that", async () => {
  const { run, encoder } = setup();
  let open = 0;
  let most = 0;
  encoder.before = async () => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setTimeout(resolve));
    open--;
  };
  await run();
  expect(most).toBe(2);
});

it("reports progress that never falls, keeps its total, ends complete and is not a flood", async () => {
  const { run, progress } = setup(captions(...TEXTS, "bad"));
  await run({ batchSize: 1, stepMs: 60 });
  expect(progress[0]).toEqual({ stage: "encode", done: 0, total: 8, unit: "items" });
  expect(progress.at(-1)?.done).toBe(8);
  const counts = progress.map(({ done }) => done);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(new Set(progress.map(({ total }) => total))).toEqual(new Set([8]));
  expect(progress.length).toBeLessThan(8); // an event per 60 ms would be nine
});

it("fits the batch to the device and to the caller's bound", () => {
  expect(batchSizeOf("image", "wasm", Infinity)).toBe(16);
  expect(batchSizeOf("text", "wasm", Infinity)).toBe(32);
  expect(batchSizeOf("image", "webgpu", Infinity)).toBe(32);
  expect(batchSizeOf("text", "webgpu", 10)).toBe(10);
  expect(batchSizeOf("image", "wasm", 1)).toBe(1);
});
