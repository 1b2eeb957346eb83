import { expect, it } from "vitest";
import { matrix } from "../../../src/core/math/matrix";
import type { Encoder } from "../../../src/core/ports";
import type { Progress } from "../../../src/core/progress";
import { timeBatches } from "../../../src/engine/encoders/calibrate";
import { plainSentences } from "../../../src/engine/encoders/syntheticItems";

const SIZES = [1, 4, 8, 16, 32, 64];

/** An encoder on a clock of its own: a batch of B takes `ms(B)`, the first of a size ten times that. */
function setup(ms: (batchSize: number) => number, change: { budgetMs?: number } = {}) {
  let now = 0;
  const batches: number[] = [];
  const progress: Progress[] = [];
  const stop = new AbortController();
  const encoder: Encoder<string> = {
    width: 1,
    device: "wasm",
    async encode(batch) {
      const isFirst = !batches.includes(batch.length);
      batches.push(batch.length);
      now += ms(batch.length) * (isFirst ? 10 : 1);
      return matrix(batch.length, 1);
    },
    release: async () => {},
  };
  const run = () =>
    timeBatches(encoder, ["a", "b", "c"], {
      batchSizes: SIZES,
      budgetMs: 1e9,
      signal: stop.signal,
      report: (event) => progress.push(event),
      clock: () => now,
      ...change,
    });
  return { run, batches, progress, stop, now: () => now };
}

it("gives the steady time per item, not that of the first batch", async () => {
  const { run } = setup((size) => 10 + 2 * size);
  const trials = await run();
  expect(trials).toEqual(SIZES.map((batchSize) => ({ batchSize, msPerItem: 2 + 10 / batchSize })));
});

it("stops at a batch size that is clearly slower than the best", async () => {
  const { run } = setup((size) => (size > 8 ? 20 * size : 10 * size));
  expect((await run()).map(({ batchSize }) => batchSize)).toEqual([1, 4, 8, 16]);
});

it("tries no batch that would take over a second: Stop and queries wait for it", async () => {
  const { run } = setup((size) => 100 * size);
  expect((await run()).map(({ batchSize }) => batchSize)).toEqual([1, 4, 8]);
});

it("measures one size at least, and keeps to its budget after that", async () => {
  expect(await setup((size) => 5_000 * size, { budgetMs: 10 }).run()).toHaveLength(1);
  const { run, now } = setup((size) => 10 * size, { budgetMs: 1_500 });
  await run();
  expect(now()).toBeLessThan(3_000); // one warm-up more than planned, at most
});

it("ends at once when stopped, with nothing still running", async () => {
  const { run, batches, stop } = setup((size) => 10 * size);
  stop.abort();
  await expect(run()).rejects.toMatchObject({ code: "cancelled" });
  expect(batches).toEqual([]);
});

it("passes on what the encoder throws", async () => {
  const { run } = setup(() => {
    throw new Error("out of memory");
  });
  await expect(run()).rejects.toThrow("out of memory");
});

it("reports progress that ends complete, also when it stops early", async () => {
  const { run, progress } = setup((size) => (size > 4 ? 90 * size : 10 * size));
  await run();
  const counts = progress.map(({ done }) => done);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(progress.at(-1)).toEqual({ stage: "calibrate", done: 6, total: 6, unit: "steps" });
});

it("makes sentences of usual length, the same every time, short ones first", () => {
  const sentences = plainSentences(64);
  expect(sentences).toEqual(plainSentences(64));
  const words = sentences.map((text) => text.split(" ").length);
  expect([words[0], words.at(-1)]).toEqual([6, 17]);
  expect(words).toEqual([...words].sort((a, b) => a - b));
  expect(plainSentences(1)).toHaveLength(1);
});
