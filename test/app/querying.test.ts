import { describe, expect, it } from "vitest";
import type { Encoding } from "../../src/app/encoding";
import { Querying } from "../../src/app/querying";
import type { WorkerCalls } from "../../src/app/workerSlot";
import type { DatasetStore } from "../../src/core/ports";
import type { Progress } from "../../src/core/progress";
import type { SearchContract } from "../../src/rpc/searchContract";
import { sampleProject } from "../support/samples";

interface Asked {
  readonly labels: readonly string[];
  readonly templates: readonly string[];
  readonly vectors: Float32Array;
}

/** A querying whose encoder turns words into their length and the number of the batch. */
function fakeQuerying(onBatch: (texts: string[]) => void = () => {}) {
  const batches: string[][] = [];
  const asked: Asked[] = [];
  const encoding = {
    encodeQuery: (_: unknown, __: unknown, inputs: { text: string }[], signal?: AbortSignal) => {
      signal?.throwIfAborted();
      const texts = inputs.map(({ text }) => text);
      batches.push(texts);
      onBatch(texts);
      const vectors = Float32Array.from(texts.flatMap((text) => [text.length, batches.length]));
      return Promise.resolve({ vectors, elapsedMs: 1 });
    },
  };
  const searcher = {
    call: (_: string, params: Asked) => {
      asked.push(params);
      return Promise.resolve({ score: null });
    },
  };
  const querying = new Querying({
    datasets: {} as DatasetStore,
    encoding: encoding as unknown as Encoding,
    searcher: searcher as unknown as WorkerCalls<SearchContract>,
  });
  return { querying, batches, asked };
}

const options = { truth: null, splits: ["test"] } as const;
const labels = Array.from({ length: 9 }, (_, i) => `label ${"x".repeat(i)}`);
const templates = Array.from({ length: 80 }, (_, i) => `${"a".repeat(i)} {}`);

describe("prompts of a zero-shot classifier", () => {
  it("are encoded in batches and arrive label by label, template by template", async () => {
    const { querying, batches, asked } = fakeQuerying();
    await querying.classify(sampleProject(), "r1", { labels, templates, ...options });
    expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(64);
    const prompts = labels.flatMap((label) => templates.map((t) => t.replace("{}", label)));
    expect(batches.flat()).toEqual(prompts);
    const [{ vectors } = { vectors: new Float32Array() }] = asked;
    const lengths = vectors.filter((_, at) => at % 2 === 0);
    expect([...lengths]).toEqual(prompts.map(({ length }) => length));
    expect(asked[0]?.templates).toEqual(templates);
  });

  it("report how many there are and how many are done, to the last", async () => {
    const seen: Progress[] = [];
    const report = (progress: Progress) => seen.push(progress);
    await fakeQuerying().querying.classify(sampleProject(), "r1", {
      ...{ labels, templates, report },
      ...options,
    });
    expect(new Set(seen.map(({ total }) => total))).toEqual(new Set([720]));
    expect(seen.map(({ done }) => done)).toEqual(
      seen.map(({ done }) => done).sort((a, b) => a - b),
    );
    expect(seen.at(-1)?.done).toBe(720);
  });

  it("stop between two batches", async () => {
    const stop = new AbortController();
    const { querying, batches } = fakeQuerying(() => batches.length === 3 && stop.abort());
    const { signal } = stop;
    const asked = querying.classify(sampleProject(), "r1", {
      labels,
      templates,
      signal,
      ...options,
    });
    await expect(asked).rejects.toThrow();
    expect(batches).toHaveLength(3);
  });

  it("take a label as it is, whatever signs are in it", async () => {
    const { querying, batches } = fakeQuerying();
    const signs = { labels: ["$& {}"], templates: ["a {} or {}"] };
    await querying.classify(sampleProject(), "r1", { ...signs, ...options });
    expect(batches).toEqual([["a $& {} or $& {}"]]);
  });
});
