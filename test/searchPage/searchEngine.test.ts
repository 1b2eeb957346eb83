import { afterEach, describe, expect, it } from "vitest";
import type { SearchPagePart } from "../../src/core/domain/searchPage";
import { AppError } from "../../src/core/errors";
import { WorkerClient } from "../../src/rpc/client";
import type { PageContract } from "../../src/searchPage/pageContract";
import { SearchEngine, type EngineState } from "../../src/searchPage/searchEngine";
import { fakeWorker } from "../support/fakeWorker";
import { sampleManifest } from "../support/searchPage";

const clients: WorkerClient<PageContract>[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** An engine over a worker that answers every query with item 1, and what it was sent. */
function engineOf({ missing }: { missing?: string } = {}) {
  const log: string[] = [];
  let isMissing = true;
  const load = async (name: SearchPagePart, index: number) => {
    log.push(`${name}-${index}`);
    if (name === missing && isMissing) {
      isMissing = false;
      throw new AppError("page/part", name);
    }
    return `${name}${index}`;
  };
  const start = () => {
    const { worker } = fakeWorker<PageContract>({
      part: async ({ name, index, base64 }) =>
        void log.push(`to worker: ${base64 === `${name}${index}`}`),
      open: async ({ items }) => {
        log.push(`open ${items}`);
        return { openMs: 1 };
      },
      search: async ({ text, limit }) => {
        log.push(`search ${text} ${limit}`);
        return { items: Uint32Array.of(1), scores: Float64Array.of(1), encodeMs: 1, rankMs: 1 };
      },
    });
    const client = new WorkerClient<PageContract>(worker);
    clients.push(client);
    return client;
  };
  const engine = new SearchEngine(sampleManifest(), { load, start });
  const states: EngineState[] = [];
  engine.subscribe(() => states.push(engine.state()));
  return { engine, log, states };
}

describe("SearchEngine", () => {
  it("loads nothing until it is wanted, then everything once, the worker first", async () => {
    const { engine, log, states } = engineOf();
    expect([engine.state().kind, log]).toEqual(["idle", []]);
    await Promise.all([engine.search("cat", 3), engine.search("dog", 3)]);
    const loaded = log.filter((line) => /-\d$/.test(line));
    expect(loaded).toEqual(["worker-0", "vectors-0", "tokenizer-0", "model-0", "model-1"]);
    expect(log).not.toContain("to worker: false");
    expect(log.slice(-3)).toEqual(["open 2", "search cat 3", "search dog 3"]);
    expect(states.at(-1)?.kind).toBe("ready");
  });

  it("counts the bytes: never less, the same total, all at the end", async () => {
    const { engine, states } = engineOf();
    await engine.search("cat", 1);
    const loading = states.filter((state) => state.kind === "loading");
    const done = loading.map((state) => state.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(new Set(loading.map(({ total }) => total))).toEqual(new Set([engine.loadBytes]));
    expect(done.at(-1)).toBe(engine.loadBytes);
  });

  it("says what is missing, and starts anew when it is wanted again", async () => {
    const { engine } = engineOf({ missing: "model" });
    await expect(engine.search("cat", 1)).rejects.toMatchObject({ code: "page/part" });
    expect(engine.state()).toMatchObject({ kind: "failed", error: { detail: "model" } });
    await engine.search("cat", 1);
    expect(engine.state().kind).toBe("ready");
  });

  it("names a manifest without a worker", async () => {
    const manifest = sampleManifest();
    const { worker: _worker, ...parts } = manifest.parts;
    const engine = new SearchEngine(
      { ...manifest, parts },
      { load: async () => "", start: () => expect.unreachable("no worker to start") },
    );
    await expect(engine.search("cat", 1)).rejects.toMatchObject({ detail: "app/worker.js" });
  });
});
