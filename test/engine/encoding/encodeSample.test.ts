import { expect, it } from "vitest";
import type { Matrix } from "../../../src/core/math/matrix";
import type { EmbeddingStore } from "../../../src/core/ports";
import { encodeSample } from "../../../src/engine/encoding/encodeSample";
import { captions, TinyEncoder } from "../../support/tinyEncoder";

/** Embedding sets in memory, by key and digest. */
function memorySets() {
  const sets = new Map<string, Map<string, number[]>>();
  const of = (key: string) => sets.get(key) ?? new Map<string, number[]>();
  const store: EmbeddingStore = {
    encodedDigests: async (key) => new Set(of(key).keys()),
    putChunk: async (key, digests, { data, cols }: Matrix) => {
      const set = of(key);
      digests.forEach((digest, i) => {
        if (set.has(digest)) throw new Error(`${digest} stored twice under ${key}`);
        set.set(digest, [...data.subarray(i * cols, (i + 1) * cols)]);
      });
      sets.set(key, set);
    },
    load: () => Promise.reject(new Error("not asked for here")),
  };
  return { sets, store };
}

const choice = (pooling: "mean" | "cls") => ({ id: "tiny", pooling, layer: null });
const SETS = [
  { choice: choice("mean"), encoderKey: "once", width: 3 },
  { choice: choice("cls"), encoderKey: "twice", width: 3 },
];

function setup(texts: readonly string[]) {
  const { sets, store } = memorySets();
  const encoder = new TinyEncoder();
  const stop = new AbortController();
  const run = (wanted = SETS) =>
    encodeSample({
      items: captions(...texts),
      sets: wanted,
      encoder,
      embeddings: store,
      load: async ({ text = "" }) => text,
      skip: [],
      batchSize: 2,
      signal: stop.signal,
      report: () => {},
      clock: () => 0,
    });
  return { sets, store, encoder, stop, run };
}

it("stores one chunk per set from one pass of the encoder", async () => {
  const { run, sets, encoder } = setup(["a", "bb", "ccc"]);
  expect(await run()).toMatchObject({ encoded: 3, failed: [] });
  expect(encoder.batches).toEqual([["a", "bb"], ["ccc"]]);
  expect(sets.get("once")?.get("digest:bb")).toEqual([2, 98, 196]);
  expect(sets.get("twice")?.get("digest:bb")).toEqual([4, 196, 392]);
});

it("adds only what each set lacks, and skips what all have", async () => {
  const { run, sets, encoder } = setup(["a", "bb", "ccc"]);
  await run([SETS[0]!]);
  sets.get("once")!.delete("digest:ccc");
  encoder.batches.length = 0;
  expect((await run()).encoded).toBe(3);
  expect(sets.get("once")?.size).toBe(3);
  encoder.batches.length = 0;
  expect((await run()).encoded).toBe(0);
  expect(encoder.batches).toEqual([]);
});

it("reports a bad item and stores the others of its batch in every set", async () => {
  const { run, sets } = setup(["a", "bad", "ccc"]);
  const { failed } = await run();
  expect(failed.map(({ digest }) => digest)).toEqual(["digest:bad"]);
  for (const key of ["once", "twice"]) {
    expect([...(sets.get(key)?.keys() ?? [])].sort()).toEqual(["digest:a", "digest:ccc"]);
  }
});

it("keeps the sets level when stopped", async () => {
  const { run, sets, encoder, stop } = setup(["a", "bb", "ccc", "dddd", "eeeee", "ffffff", "g"]);
  encoder.before = () => stop.abort();
  await expect(run()).rejects.toMatchObject({ code: "cancelled" });
  expect([...sets.get("once")!.keys()]).toEqual([...sets.get("twice")!.keys()]);
});
