import { expect, it } from "vitest";
import type { Item } from "../../../src/core/domain/dataset";
import type { Modality } from "../../../src/core/domain/modality";
import { AppError } from "../../../src/core/errors";
import { encodeItems, usualBatchSize } from "../../../src/engine/encoding/encodeItems";
import type { EncodeProgress } from "../../../src/core/domain/encodeRequest";
import { captions, MemoryEmbeddings, TinyEncoder } from "../../support/tinyEncoder";

const TEXTS = ["dddd", "a", "eeeee", "bb", "ccc", "ffffff", "g"];

interface Change {
  skip?: string[];
  suspects?: string[][];
  batchSize?: number;
  stepMs?: number;
}

function setup(items: readonly Item[] = captions(...TEXTS)) {
  const encoder = new TinyEncoder();
  const embeddings = new MemoryEmbeddings();
  const stop = new AbortController();
  const progress: EncodeProgress[] = [];
  /** What was at work, report by report; these come as often as batches do. */
  const atWork: string[][] = [];
  let now = 0;
  const run = (change: Change = {}) =>
    encodeItems({
      items,
      encoderKey: "key",
      encoder,
      embeddings,
      load: async ({ text = "" }) => text,
      skip: [],
      batchSize: 2,
      signal: stop.signal,
      report: ({ inFlight, ...event }) =>
        inFlight
          ? atWork.push(inFlight.map((digest) => digest.slice("digest:".length)))
          : progress.push(event),
      clock: () => (now += change.stepMs ?? 1000),
      ...change,
    });
  return { encoder, embeddings, stop, progress, atWork, run };
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

it("leaves skipped digests out, says so, and encodes equal content once", async () => {
  const { run, embeddings } = setup(captions("a", "a", "bb", "ccc"));
  const { encoded, failed } = await run({ skip: ["digest:bb", "digest:gone"] });
  expect(encoded).toBe(2);
  expect(failed).toEqual([
    {
      digest: "digest:bb",
      source: "metadata.csv:4",
      reason: expect.stringContaining("ended the background worker") as string,
    },
  ]);
  expect([...embeddings.rows.keys()]).toEqual(["digest:a", "digest:ccc"]);
});

it("names what is at work before it is touched", async () => {
  const { run, encoder, atWork } = setup();
  encoder.before = (batch) => {
    expect(atWork.at(-1)).toEqual(expect.arrayContaining([...batch]));
  };
  await run();
  expect(atWork).toEqual([
    ["a", "g"],
    ["a", "g", "bb", "ccc"],
    ["bb", "ccc", "dddd", "eeeee"],
    ["dddd", "eeeee", "ffffff"],
  ]);
});

it("names the single item at work while a batch is taken apart", async () => {
  const { run, encoder, atWork } = setup(captions("a", "bad", "cccc"));
  const alone = new Map<string, string[]>();
  encoder.before = (batch) => {
    if (batch.length === 1) alone.set(batch[0]!, atWork.at(-1)!);
  };
  await run({ batchSize: 3 });
  expect([...alone]).toEqual(["a", "bad", "cccc"].map((text) => [text, [text]]));
});

it("tries suspects first and with nothing beside them, then the rest as usual", async () => {
  const { run, encoder, atWork } = setup();
  let open = 0;
  encoder.before = async (batch) => {
    const others = open++;
    if (batch.includes("eeeee") || batch.includes("ccc")) expect(others).toBe(0);
    await new Promise((resolve) => setTimeout(resolve));
    open--;
  };
  const suspects = [["digest:eeeee", "digest:dddd"], ["digest:gone"], ["digest:ccc"]];
  expect((await run({ suspects })).encoded).toBe(7);
  expect(encoder.batches).toEqual([["dddd", "eeeee"], ["ccc"], ["a", "g"], ["bb", "ffffff"]]);
  expect(atWork.slice(0, 3)).toEqual([["dddd", "eeeee"], ["ccc"], ["a", "g"]]);
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

it("fits the usual batch to the device, and to a network that is slow", () => {
  const size = (modality: Modality, wasmMsPerItem: number, device: "wasm" | "webgpu") =>
    usualBatchSize({ modality, wasmMsPerItem }, device);
  expect(size("image", 45, "wasm")).toBe(16);
  expect(size("text", 12, "wasm")).toBe(32);
  expect(size("image", 45, "webgpu")).toBe(32);
  expect(size("image", 1500, "wasm")).toBe(2);
  expect(size("audio", 9000, "wasm")).toBe(1);
  expect(size("audio", 0, "wasm")).toBe(16);
});
