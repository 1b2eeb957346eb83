import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encoderById } from "../../../src/core/catalogue/encoders";
import type { EncoderSpec } from "../../../src/core/domain/encoder";
import type { Progress } from "../../../src/core/progress";
import { DownloadService } from "../../../src/engine/encoders/downloadService";
import { loadFiles } from "../../../src/engine/encoders/loadFiles";
import { downloadEncoder } from "../../../src/engine/encoders/downloadEncoder";
import { FileCache } from "../../../src/engine/encoders/fileCache";
import { memoryCaches, type MemoryCaches } from "../../support/memoryCaches";
import { MIRROR_COMMIT, mirrorHub, type Mirror } from "../../support/mirrorHub";

const PART_BYTES = 10_000; // 8 MB in earnest
const base = "https://site.example/sub/";
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Two whole parts and a bit. */
const model = new Uint8Array(2 * PART_BYTES + 1234).map((_, i) => (i * 31 + (i >> 12)) % 256);
const tokenizer = new TextEncoder().encode('{"version": "1.0", "note": "ünïcode"}');
const config = new TextEncoder().encode("{}");

const unpinned: EncoderSpec = {
  ...encoderById("e5-small-v2"),
  id: "tiny",
  name: "Tiny",
  source: "someone/tiny",
  revision: "main",
  files: [
    { role: "model", path: "onnx/model.onnx", sizeBytes: null, sha256: null },
    { role: "tokenizer", path: "tokenizer.json", sizeBytes: null, sha256: null },
    { role: "tokenizer-config", path: "tokenizer_config.json", sizeBytes: null, sha256: null },
  ],
};

let mirror: Mirror;
let memory: MemoryCaches;
let stored: Map<string, EncoderSpec>;
let service: DownloadService;
const files = [
  { path: "onnx/model.onnx", bytes: model, lfs: true },
  { path: "tokenizer.json", bytes: tokenizer },
  { path: "tokenizer_config.json", bytes: config },
  { path: "README.md", bytes: config },
];
beforeEach(async () => {
  mirror = await mirrorHub("someone/tiny", files);
  memory = memoryCaches();
  stored = new Map([["tiny", unpinned]]);
  service = new DownloadService({
    base,
    caches: memory.caches,
    partBytes: PART_BYTES,
    encoders: {
      get: async (id) => stored.get(id) ?? unpinned,
      put: async (spec) => void stored.set(spec.id, spec),
      delete: async (id) => void stored.delete(id),
    },
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await mirror.close();
});

const download = (progress: Progress[] = [], signal = new AbortController().signal) =>
  service.download(
    { encoderId: "tiny", hub: mirror.url },
    { signal, report: (event) => progress.push(event) },
  );
const modelRequests = () => mirror.requests.filter((line) => line.includes("model.onnx"));

it("fetches every file, pins commit, sizes and digests, and stores the entry", async () => {
  const pinned = await download();
  expect(pinned.revision).toBe(MIRROR_COMMIT);
  expect(pinned.files).toEqual([
    { role: "model", path: "onnx/model.onnx", sizeBytes: model.length, sha256: sha256(model) },
    {
      role: "tokenizer",
      path: "tokenizer.json",
      sizeBytes: tokenizer.length,
      sha256: sha256(tokenizer),
    },
    {
      role: "tokenizer-config",
      path: "tokenizer_config.json",
      sizeBytes: 2,
      sha256: sha256(config),
    },
  ]);
  expect(stored.get("tiny")).toEqual(pinned);
});

it("gives the engine what it fetched, without another request", async () => {
  const pinned = await download();
  const asked = mirror.requests.length;
  const loaded = await loadFiles(pinned, { base, caches: memory.caches });
  expect(Buffer.from(loaded.get("model")!).equals(model)).toBe(true);
  expect(loaded.get("tokenizer")).toEqual(tokenizer);
  expect(mirror.requests).toHaveLength(asked);
});

it("asks the hub's API nothing when the catalogue knows commit, sizes and digests", async () => {
  const pinned = await download();
  stored.set("tiny", pinned);
  memory.entries.clear();
  mirror.requests.length = 0;
  await download();
  expect(mirror.requests).toEqual(
    pinned.files.map(({ path }) => `GET /hub/someone/tiny/resolve/${MIRROR_COMMIT}/${path}`),
  );
});

it("reports every byte and never goes back", async () => {
  const progress: Progress[] = [];
  await download(progress);
  const total = model.length + tokenizer.length + config.length;
  expect(progress[0]).toEqual({ stage: "download", done: 0, total, unit: "bytes" });
  expect(progress.at(-1)?.done).toBe(total);
  progress.forEach(({ done }, i) =>
    expect(done).toBeGreaterThanOrEqual(progress[i - 1]?.done ?? 0),
  );
});

/** Sends the first `bytes` of a file and then drops the connection, `times` times. */
function breakAfter(bytes: number, times = Infinity): void {
  let left = times;
  mirror.intercept = (request, response) => {
    if (!request.url?.endsWith("model.onnx") || left-- <= 0) return false;
    const from = Number(/\d+/.exec(request.headers.range ?? "0")?.[0]);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": model.length - from });
    response.write(model.subarray(from, from + bytes), () =>
      setTimeout(() => response.destroy(), 20),
    );
    return true;
  };
}

describe("a broken download", () => {
  it("goes on by itself from the last whole part", async () => {
    breakAfter(PART_BYTES + 2_000, 1);
    await download();
    expect(modelRequests()).toEqual([
      expect.stringMatching(/model\.onnx$/),
      expect.stringMatching(`model.onnx bytes=${PART_BYTES}-$`),
    ]);
  });

  it("stops when an attempt brings nothing, keeps its parts, and goes on later", async () => {
    breakAfter(PART_BYTES + 2_000, 1);
    const breakOnce = mirror.intercept;
    let asked = 0;
    mirror.intercept = (request, response) => {
      if (!request.url?.endsWith("model.onnx")) return false;
      if (asked++ === 0) return breakOnce(request, response);
      response.destroy();
      return true;
    };
    await expect(download()).rejects.toMatchObject({ code: "encoder/download" });
    expect(await service.storedFiles()).toEqual([{ encoderId: "tiny", bytes: PART_BYTES }]);
    expect(stored.get("tiny")).toBe(unpinned);

    mirror.intercept = () => false;
    mirror.requests.length = 0;
    const pinned = await download(); // a new page finds the same parts
    expect(modelRequests()).toEqual([expect.stringContaining(`bytes=${PART_BYTES}-`)]);
    const loaded = await loadFiles(pinned, { base, caches: memory.caches });
    expect(Buffer.from(loaded.get("model")!).equals(model)).toBe(true);
  });

  it("goes on with a server that knows no ranges", async () => {
    mirror.ranges = false;
    breakAfter(PART_BYTES + 100, 1);
    const pinned = await download();
    const loaded = await loadFiles(pinned, { base, caches: memory.caches });
    expect(Buffer.from(loaded.get("model")!).equals(model)).toBe(true);
  });

  it("fetches again from a hole that the browser made", async () => {
    await download();
    for (const url of memory.entries.keys()) {
      if (url.includes("model.onnx?part=1")) memory.entries.delete(url);
    }
    mirror.requests.length = 0;
    await download();
    expect(modelRequests()).toEqual([expect.stringContaining(`bytes=${PART_BYTES}-`)]);
  });

  it("is taken for broken when it goes silent", async () => {
    mirror.intercept = (request, response) => {
      if (!request.url?.endsWith("model.onnx")) return false;
      response.writeHead(200, { "content-length": model.length });
      response.write(model.subarray(0, 100));
      return true;
    };
    const options = {
      hub: mirror.url,
      base,
      cache: new FileCache(memory.caches, base, PART_BYTES),
      signal: new AbortController().signal,
      report: () => {},
      stallMs: 150,
    };
    await expect(downloadEncoder(unpinned, options)).rejects.toMatchObject({
      code: "encoder/download",
      detail: expect.stringContaining("no byte arrived"),
    });
  });

  it("keeps whole parts when the visitor cancels, and says cancelled", async () => {
    const abort = new AbortController();
    const progress: Progress[] = [];
    mirror.intercept = (request, response) => {
      if (!request.url?.endsWith("model.onnx")) return false;
      response.writeHead(200, { "content-length": model.length });
      response.write(model.subarray(0, PART_BYTES + 10), () =>
        setTimeout(() => abort.abort(), 100),
      );
      return true;
    };
    await expect(download(progress, abort.signal)).rejects.toMatchObject({ code: "cancelled" });
    expect(await service.storedFiles()).toEqual([{ encoderId: "tiny", bytes: PART_BYTES }]);
  });
});

/** Answers requests whose address ends so with a status and a body. */
function answer(end: string, status: number, body: string, type = "text/plain"): void {
  mirror.intercept = (request, response) => {
    if (!request.url?.split("?")[0]?.endsWith(end)) return false;
    response.writeHead(status, { "content-type": type }).end(body);
    return true;
  };
}

describe("an answer that is not the file", () => {
  it.each<[string, () => void, string, string]>([
    ["404", () => answer("model.onnx", 404, ""), "encoder/not-on-hub", "answered 404"],
    ["401", () => answer("main", 401, ""), "encoder/gated", "answered 401"],
    ["403", () => answer("model.onnx", 403, ""), "encoder/gated", "answered 403"],
    ["429", () => answer("model.onnx", 429, ""), "encoder/download", "asks to wait"],
    ["503", () => answer("model.onnx", 503, ""), "encoder/download", "answered 503"],
    [
      "a web page",
      () => answer("model.onnx", 200, "<html>", "text/html; charset=utf-8"),
      "encoder/not-on-hub",
      "web page",
    ],
    [
      "a file that is too short",
      () => answer("model.onnx", 200, "abc"),
      "encoder/download",
      "3 of",
    ],
    [
      "a file that is too long",
      () => answer("tokenizer.json", 200, "x".repeat(5000)),
      "encoder/download",
      "longer than",
    ],
    [
      "a file of another digest",
      () => answer("tokenizer.json", 200, "x".repeat(tokenizer.length)),
      "encoder/hub-digest",
      "tokenizer.json",
    ],
    ["a list that is no list", () => answer(MIRROR_COMMIT, 200, "{}"), "encoder/download", "list"],
    ["a list that is no JSON", () => answer(MIRROR_COMMIT, 200, "{"), "encoder/download", "JSON"],
    ["no commit", () => answer("main", 200, '{"sha": "HEAD"}'), "encoder/download", "commit"],
    [
      "a list without the file",
      () => answer(MIRROR_COMMIT, 200, '[{"path": "x"}, null, 3]'),
      "encoder/not-on-hub",
      "onnx/model.onnx is not in",
    ],
    [
      "no digest",
      () => answer(MIRROR_COMMIT, 200, '[{"path": "onnx/model.onnx", "size": 5, "oid": "x"}]'),
      "encoder/download",
      "no digest",
    ],
    [
      "a size that cannot be",
      () => answer(MIRROR_COMMIT, 200, '[{"path": "onnx/model.onnx", "size": -5}]'),
      "encoder/download",
      "no size",
    ],
  ])("%s", async (_name, arrange, code, words) => {
    arrange();
    await expect(download()).rejects.toMatchObject({
      code,
      detail: expect.stringContaining(words),
    });
    expect(stored.get("tiny")).toBe(unpinned);
  });

  it("of another digest leaves nothing of the file behind", async () => {
    answer("onnx/model.onnx", 200, "y".repeat(model.length));
    await expect(download()).rejects.toMatchObject({ code: "encoder/hub-digest" });
    expect([...memory.entries.keys()]).toEqual([]);
  });

  it("is refused when the catalogue has another digest than the hub", async () => {
    const [first, ...rest] = unpinned.files;
    stored.set("tiny", { ...unpinned, files: [{ ...first!, sha256: "0".repeat(64) }, ...rest] });
    await expect(download()).rejects.toMatchObject({ code: "encoder/hub-digest" });
  });

  it("is refused when it is much larger than the visitor was told", async () => {
    const [first, ...rest] = unpinned.files;
    stored.set("tiny", { ...unpinned, files: [{ ...first!, listedBytes: 1_000 }, ...rest] });
    await expect(download()).rejects.toMatchObject({
      code: "encoder/download",
      detail: expect.stringContaining("21234 bytes, where about 1000"),
    });
    expect(modelRequests()).toEqual([]);
  });
});

it("names both causes when a hub does not answer, since a browser does not say which", async () => {
  await mirror.close();
  await expect(download()).rejects.toMatchObject({
    code: "encoder/download",
    detail: expect.stringMatching(/no connection, or .* policy/),
  });
});

it("says so when the browser is offline", async () => {
  vi.stubGlobal("navigator", { onLine: false });
  await mirror.close();
  await expect(download()).rejects.toMatchObject({
    detail: expect.stringContaining("this browser is offline"),
  });
});

it("stops on a full disk and goes on when there is room", async () => {
  memory.roomBytes = PART_BYTES + 10;
  await expect(download()).rejects.toMatchObject({ code: "storage/quota" });
  memory.roomBytes = Infinity;
  mirror.requests.length = 0;
  await download();
  expect(modelRequests()).toEqual([expect.stringContaining(`bytes=${PART_BYTES}-`)]);
});

it("says where files cannot be kept at all", async () => {
  const encoders = { get: async () => unpinned, put: async () => {}, delete: async () => {} };
  const insecure = new DownloadService({ base, encoders });
  const options = { signal: new AbortController().signal, report: () => {} };
  await expect(
    insecure.download({ encoderId: "tiny", hub: mirror.url }, options),
  ).rejects.toMatchObject({ code: "storage/unavailable" });
  expect(await insecure.storedFiles()).toEqual([]);
});

it("sends no cookie and no referrer", async () => {
  const seen: RequestInit[] = [];
  const real = fetch;
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => (seen.push(init), real(url, init)));
  await download();
  expect(seen.length).toBe(5);
  for (const init of seen) {
    expect(init).toMatchObject({ credentials: "omit", referrerPolicy: "no-referrer" });
  }
});

it("deletes files and entry, and nothing of another encoder", async () => {
  await download();
  const cache = new FileCache(memory.caches, base, PART_BYTES);
  const other = cache.address({ id: "tiny-2", revision: "r" }, unpinned.files[0]!);
  await cache.put(other, config);
  await service.deleteFiles({ encoderId: "tiny" });
  expect(await service.storedFiles()).toEqual([{ encoderId: "tiny-2", bytes: 2 }]);
  expect(stored.has("tiny")).toBe(false);
});

describe("loading a hub encoder", () => {
  it("never fetches: what was not downloaded is an error that says so", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new Error("fetched")));
    for (const spec of [unpinned, encoderById("dinov2-small")]) {
      await expect(loadFiles(spec, { base, caches: memory.caches })).rejects.toMatchObject({
        code: "encoder/not-downloaded",
        detail: expect.stringContaining(spec.name),
      });
    }
  });

  it("refuses and forgets what was damaged on disk", async () => {
    const pinned = await download();
    for (const kept of memory.entries.values())
      if (kept.bytes.length === PART_BYTES) kept.bytes[5]! ^= 1;
    await expect(loadFiles(pinned, { base, caches: memory.caches })).rejects.toMatchObject({
      code: "encoder/not-downloaded",
      detail: expect.stringContaining("damaged"),
    });
    expect([...memory.entries.keys()].some((url) => url.includes("model.onnx"))).toBe(false);
  });
});
