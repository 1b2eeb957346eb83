import { BlobReader, BlobWriter, ZipReader } from "@zip.js/zip.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startEncodeWorker } from "../../src/app/startWorkers";
import { TEXT_CHOICE } from "../support/samples";
import { encoderById } from "../../src/core/catalogue/encoders";
import { dot, row } from "../../src/core/math/matrix";
import { openEncoder, type OpenedEncoder } from "../../src/engine/encoders/openEncoder";
import { createRawSession } from "../../src/engine/encoders/ort";
import { loadParity } from "../../src/engine/encoders/parity";
import { selfCheck } from "../../src/engine/encoders/selfCheck";
import { Session } from "../../src/engine/encoders/session";
import { workerPlatform } from "../../src/engine/encoders/workerPlatform";
import { encodeItems } from "../../src/engine/encoding/encodeItems";
import { openPlaygroundDb } from "../../src/storage/db";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { readNpy } from "../support/npy";
import { TINY_INPUTS, TINY_OUTPUTS, tinyWeights } from "../support/tinyModel";

// Every fourth golden string, so that all scripts are among them.
const TEXTS = Array.from({ length: 25 }, (_, i) => i * 4);
const IMAGES = [0, 5, 12, 16, 20, 27, 28, 29, 30, 31]; // six emoji of both artworks, four textures

const platform = workerPlatform(new URL("/", location.href).href);

const golden = (name: string) =>
  fetch(new URL(`../fixtures/golden-vectors/${name}`, import.meta.url));

async function goldenBytes(name: string) {
  return new Uint8Array(await (await golden(name)).arrayBuffer());
}

const cosine = (a: Float32Array, b: Float32Array) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

async function open(id: string): Promise<OpenedEncoder> {
  return openEncoder(encoderById(id), { id, pooling: "mean", layer: null }, "wasm", platform);
}

describe("all-MiniLM-L6-v2 on WebAssembly", () => {
  let opened: OpenedEncoder & { modality: "text" };
  beforeAll(async () => {
    const text = await open("all-minilm-l6-v2");
    if (text.modality !== "text") throw new Error("not a text encoder");
    opened = text;
  });
  afterAll(() => opened.encoder.release());

  it("gives the reference vectors of varied strings, padded together", async () => {
    const all = (await (await golden("text.json")).json()) as { text: string; ids: number[] }[];
    const expected = readNpy(await goldenBytes("text_fp32.npy"));
    const check = async (chosen: readonly number[]) => {
      const actual = await opened.encoder.encode(chosen.map((i) => all[i]!.text));
      return Math.min(...chosen.map((i, r) => cosine(row(actual, r), row(expected, i))));
    };
    const isLong = (i: number) => all[i]!.ids.length > 64;
    const isEmpty = (i: number) => all[i]!.text.trim() === "";
    const usual = TEXTS.filter((i) => !isLong(i) && !isEmpty(i));
    expect(usual.length).toBeGreaterThan(20);
    expect(await check(usual)).toBeGreaterThan(0.998);
    expect(await check(TEXTS.filter(isLong))).toBeGreaterThan(0.998); // 256 tokens
    // Two special tokens and nothing else is where the int8 weights show most.
    expect(await check(TEXTS.filter(isEmpty))).toBeGreaterThan(0.996);
  });

  it("gives a text the same vector alone and beside a long one", async () => {
    const alone = await opened.encoder.encode(["grinning face"]);
    const beside = await opened.encoder.encode(["word ".repeat(40), "grinning face"]);
    expect(cosine(row(alone, 0), row(beside, 1))).toBeGreaterThan(0.99999);
  });

  it("passes its own check and refuses a scrambled reference", async () => {
    expect(opened.parityCosine).toBeGreaterThan(0.998);
    const { texts } = await loadParity(encoderById("all-minilm-l6-v2"), platform);
    const scrambled = texts.map(({ input, vector }) => ({ input, vector: vector.toReversed() }));
    await expect(selfCheck(opened.encoder, scrambled)).rejects.toMatchObject({
      code: "encoder/self-check",
    });
  });

  it("stores captions in IndexedDB and answers a query in the middle", async () => {
    const db = await openPlaygroundDb(crypto.randomUUID());
    const embeddings = new IdbEmbeddingStore(db);
    const items = Array.from({ length: 40 }, (_, i) => ({
      modality: "text" as const,
      digest: `d${i}`,
      source: `metadata.csv:${i}`,
      text: `caption number ${i}`,
    }));
    const order: string[] = [];
    const job = encodeItems({
      items,
      encoderKey: "key",
      encoder: opened.encoder,
      embeddings,
      load: async ({ text }) => text,
      skip: [],
      batchSize: 8,
      signal: new AbortController().signal,
      report: () => {},
      clock: () => performance.now(),
    }).then((result) => (order.push("job"), result));
    const query = opened.encoder.encode(["caption number 3"], "query");
    const vector = await query.then((result) => (order.push("query"), result));
    expect((await job).encoded).toBe(40);
    expect(order).toEqual(["query", "job"]);
    const stored = await embeddings.load("key", ["d3"]);
    expect(cosine(stored.data, vector.data)).toBeGreaterThan(0.99999);
    db.close();
  });
});

describe("EfficientNet-Lite0 on WebAssembly", () => {
  let opened: OpenedEncoder & { modality: "image" };
  beforeAll(async () => {
    const image = await open("efficientnet-lite0");
    if (image.modality !== "image") throw new Error("not an image encoder");
    opened = image;
  });
  afterAll(() => opened.encoder.release());

  it("gives the reference vectors of emoji and textures", async () => {
    const names = (await (await golden("image.json")).json()) as string[];
    const expected = readNpy(await goldenBytes("image_pooled_fp32.npy"));
    const archive = await (await fetch("/samples/emoji.zip")).blob();
    const entries = await new ZipReader(new BlobReader(archive)).getEntries();
    const blobOf = async (name: string): Promise<Blob> => {
      if (!name.startsWith("emoji.zip/")) return (await golden(name)).blob();
      const entry = entries.find(({ filename }) => `emoji.zip/${filename}` === name);
      if (!entry || entry.directory) throw new Error(`no ${name}`);
      return entry.getData(new BlobWriter());
    };
    const actual = await opened.encoder.encode(
      await Promise.all(IMAGES.map((i) => blobOf(names[i]!))),
    );
    const cosines = IMAGES.map((i, r) => cosine(row(actual, r), row(expected, i)));
    expect(Math.min(...cosines)).toBeGreaterThan(0.9999);
  });

  it("names what is not a picture", async () => {
    await expect(opened.encoder.encode([new Blob(["not a picture"])])).rejects.toMatchObject({
      code: "encoder/input",
    });
  });

  it("refuses weights of another digest", async () => {
    const spec = encoderById("efficientnet-lite0");
    const files = spec.files.map((file) => ({ ...file, sha256: "0".repeat(64) }));
    await expect(
      openEncoder({ ...spec, files }, TEXT_CHOICE, "wasm", platform),
    ).rejects.toMatchObject({
      code: "encoder/digest",
    });
  });

  it("reads no network when opened again", async () => {
    const fetching = vi.spyOn(globalThis, "fetch");
    const again = await open("efficientnet-lite0");
    await again.encoder.release();
    expect(fetching.mock.calls.map(([url]) => url)).toEqual([
      new URL("/models/efficientnet-lite0/parity.json", location.href).href,
    ]);
    fetching.mockRestore();
  });
});

describe("a tiny model", () => {
  const inputs = Float32Array.from({ length: 3 * TINY_INPUTS }, (_, i) => Math.sin(i));
  const expected = Array.from({ length: 3 * TINY_OUTPUTS }, (_, at) => {
    const [n, p] = [Math.floor(at / TINY_OUTPUTS), at % TINY_OUTPUTS];
    let sum = 0;
    for (let d = 0; d < TINY_INPUTS; d++) {
      sum += inputs[n * TINY_INPUTS + d]! * tinyWeights()[d * TINY_OUTPUTS + p]!;
    }
    return Math.tanh(sum);
  });

  it.each(["wasm", "webgpu"] as const)("computes tanh(x · W) on %s", async (device) => {
    const response = await fetch(new URL("../fixtures/tiny.onnx", import.meta.url));
    const model = new Uint8Array(await response.arrayBuffer());
    const create = () => createRawSession(model, device);
    const session = await Session.open(device, create, platform.mutex);
    const feeds = { x: { kind: "float32", data: inputs, dims: [3, TINY_INPUTS] } } as const;
    const [{ y: first }, { y: second }] = await Promise.all([
      session.run(feeds, ["y"]),
      session.run(feeds, ["y"]),
    ]);
    await session.release();
    expect(first?.dims).toEqual([3, TINY_OUTPUTS]);
    expect(second?.data).toEqual(first?.data);
    const worst = Math.max(
      ...expected.map((value, i) => Math.abs(value - (first?.data[i] ?? NaN))),
    );
    expect(worst).toBeLessThan(1e-5);
  });

  it("is a clean error when its bytes are not a model", async () => {
    const broken = () => createRawSession(new TextEncoder().encode("<html>"), "wasm");
    await expect(Session.open("wasm", broken, platform.mutex)).rejects.toMatchObject({
      code: "encoder/failed",
    });
  });
});

it("embeds a query in the real worker", async () => {
  const worker = startEncodeWorker();
  const stages = new Set<string>();
  const { vectors, rows, cols } = await worker.call(
    "encodeQuery",
    {
      choice: TEXT_CHOICE,
      device: "auto",
      inputs: [{ text: "a cat" }, { text: "a kitten" }, { text: "a spreadsheet" }],
    },
    { onProgress: ({ stage }) => stages.add(stage) },
  );
  worker.close();
  expect([rows, cols]).toEqual([3, 384]);
  const [cat, kitten, sheet] = [0, 1, 2].map((i) => vectors.subarray(i * cols, (i + 1) * cols));
  expect(dot(cat!, kitten!)).toBeGreaterThan(dot(cat!, sheet!) + 0.2);
  expect([...stages]).toEqual(["load-encoder", "self-check"]);
});
