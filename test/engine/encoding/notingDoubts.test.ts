import { describe, expect, it } from "vitest";
import type { Item } from "../../../src/core/domain/dataset";
import { AppError } from "../../../src/core/errors";
import { matrix } from "../../../src/core/math/matrix";
import { encodeItems } from "../../../src/engine/encoding/encodeItems";
import { notingDoubts } from "../../../src/engine/encoding/notingDoubts";
import type { SoundEncoder } from "../../../src/engine/encoders/soundEncoder";
import { MemoryEmbeddings } from "../../support/tinyEncoder";

const recording = (name: string, durationMs: number): Item => ({
  ...{ modality: "audio", digest: `digest:${name}`, source: `${name}.wav`, durationMs },
});

/** Every recording becomes its duration; its MIME type says what is wrong with it. */
function setup() {
  const batches: string[][] = [];
  const own: SoundEncoder = {
    ...{ width: 1, device: "wasm", encodeEach: () => Promise.reject(new Error("not asked")) },
    encode: async (batch) => {
      const files = batch.filter((input) => input instanceof Blob);
      batches.push(files.map(({ type }) => type));
      const bad = files.find(({ type }) => type.startsWith("sound/"));
      if (bad) throw new AppError(bad.type as "sound/too-short");
      return matrix(batch.length, 1);
    },
    doubtOf: ({ type }) => (type === "silent" ? "it is silent" : undefined),
    release: async () => {},
  };
  const kept = new Map<string, string>();
  const noted = notingDoubts(own, {
    load: async ({ source }) => new Blob([], { type: source.slice(0, -4) }),
    doubts: { put: async (doubts) => doubts.forEach((reason, digest) => kept.set(digest, reason)) },
  });
  const run = (items: readonly Item[]) =>
    encodeItems({
      ...{ items, encoder: noted.encoder, load: noted.load, encoderKey: "key", skip: [] },
      ...{ embeddings: new MemoryEmbeddings(), batchSize: 8, clock: () => 0, report: () => {} },
      signal: new AbortController().signal,
    });
  return { noted, run, batches, kept };
}

describe("encoding recordings", () => {
  it("names the silent ones once, though their batch was taken apart for another", async () => {
    const { noted, run, kept } = setup();
    const { encoded, failed } = await run([
      recording("fine", 1),
      recording("silent", 2),
      recording("sound/unreadable", 3),
    ]);
    expect(encoded).toBe(2);
    expect(failed.map(({ source }) => source)).toEqual(["sound/unreadable.wav"]);
    expect(noted.flagged).toEqual([
      { digest: "digest:silent", source: "silent.wav", reason: "it is silent" },
    ]);
    // For every screen, and after a stop.
    expect([...kept]).toEqual([["digest:silent", "it is silent"]]);
  });

  it.each(["sound/unreadable", "sound/no-sound", "sound/too-short", "sound/too-long"] as const)(
    "costs its own row only: %s, a whole collection of them too",
    async (code) => {
      const { run } = setup();
      const many = Array.from({ length: 12 }, (_, i) => ({
        ...recording(code, i),
        digest: `digest:${i}`,
      }));
      const { encoded, failed } = await run([...many, recording("fine", 5)]);
      expect([encoded, failed.length]).toEqual([1, 12]);
    },
  );

  it("puts clips of similar length into one batch", async () => {
    const { run, batches } = setup();
    const names = ["e", "a", "d", "b", "c", "h", "g", "f", "j", "i"];
    await run(names.map((name) => recording(name, name.charCodeAt(0))));
    expect(batches).toEqual([[..."abcdefgh"], ["i", "j"]]);
  });
});
