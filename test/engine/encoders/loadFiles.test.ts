import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { encoderById } from "../../../src/core/catalogue/encoders";
import type { EncoderSpec } from "../../../src/core/domain/encoder";
import type { Progress } from "../../../src/core/progress";
import { loadFiles } from "../../../src/engine/encoders/loadFiles";
import { sha256 } from "../../../src/engine/sha256";

const bytes = new Uint8Array(100_000).map((_, i) => i % 251);
let spec: EncoderSpec;
let served: () => Response | Promise<Response>;
const fetched: string[] = [];

beforeEach(async () => {
  const file = {
    role: "model",
    path: "models/tiny.onnx",
    sizeBytes: bytes.length,
    sha256: await sha256(bytes),
  } as const;
  spec = { ...encoderById("efficientnet-lite0"), files: [file] };
  served = () => new Response(bytes);
  fetched.length = 0;
  vi.stubGlobal("fetch", async (url: string) => {
    fetched.push(url);
    return served();
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Cache Storage with one cache; `full` makes every write fail as a full disk does. */
function memoryCaches(full = false) {
  const entries = new Map<string, Uint8Array<ArrayBuffer>>();
  const cache = {
    match: async (key: string) => {
      const kept = entries.get(key);
      return kept && new Response(kept);
    },
    put: async (key: string, response: Response) => {
      if (full) throw new DOMException("no room", "QuotaExceededError");
      entries.set(key, new Uint8Array(await response.arrayBuffer()));
    },
    delete: async (key: string) => entries.delete(key),
  };
  return { entries, caches: { open: async () => cache } as unknown as CacheStorage };
}

const base = "https://site.example/sub/";

it("fetches below the site's base and reports every byte", async () => {
  const progress: Progress[] = [];
  const files = await loadFiles(spec, { base, report: (event) => progress.push(event) });
  expect(files.get("model")).toEqual(bytes);
  expect(fetched).toEqual(["https://site.example/sub/models/tiny.onnx"]);
  expect(progress[0]).toEqual({ stage: "load-encoder", done: 0, total: 100_000, unit: "bytes" });
  expect(progress.at(-1)?.done).toBe(100_000);
});

it("reads no network the second time", async () => {
  const { caches } = memoryCaches();
  await loadFiles(spec, { base, caches });
  expect((await loadFiles(spec, { base, caches })).get("model")).toEqual(bytes);
  expect(fetched).toHaveLength(1);
});

it("fetches anew what was damaged on disk", async () => {
  const { caches, entries } = memoryCaches();
  await loadFiles(spec, { base, caches });
  for (const key of entries.keys()) entries.set(key, bytes.slice(0, 10));
  expect((await loadFiles(spec, { base, caches })).get("model")).toEqual(bytes);
  expect(fetched).toHaveLength(2);
});

it("refuses a file of another digest and keeps none of it", async () => {
  const { caches, entries } = memoryCaches();
  served = () => new Response(bytes.map((byte, i) => (i === 500 ? byte ^ 1 : byte)));
  await expect(loadFiles(spec, { base, caches })).rejects.toMatchObject({
    code: "encoder/digest",
    detail: expect.stringContaining("models/tiny.onnx"),
  });
  expect(entries.size).toBe(0);
});

it.each<[string, () => Response | Promise<Response>]>([
  ["404", () => new Response("no", { status: 404 })],
  [
    "a start page instead",
    () => new Response("<html>", { headers: { "content-type": "text/html" } }),
  ],
  ["no connection", () => Promise.reject(new TypeError("Failed to fetch"))],
])("says the file is missing: %s", async (_name, answer) => {
  served = answer;
  await expect(loadFiles(spec, { base })).rejects.toMatchObject({ code: "encoder/missing" });
});

it("works on a full disk, without keeping the file", async () => {
  const { caches } = memoryCaches(true);
  expect((await loadFiles(spec, { base, caches })).get("model")).toEqual(bytes);
});
