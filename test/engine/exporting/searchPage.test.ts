import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { BlobReader, BlobWriter, TextWriter, ZipReader, type FileEntry } from "@zip.js/zip.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EMBEDDED_ENCODERS } from "../../../src/core/catalogue/embeddedEncoders";
import { defaultChoice, type EncoderSpec } from "../../../src/core/domain/encoder";
import type { Projector } from "../../../src/core/domain/projector";
import { SEARCH_PAGE_FILES, type SearchPageManifest } from "../../../src/core/domain/searchPage";
import { AppError } from "../../../src/core/errors";
import { partScript } from "../../../src/core/formats/searchPageFiles";
import { matrix } from "../../../src/core/math/matrix";
import type { Progress } from "../../../src/core/progress";
import { openBackend } from "../../../src/engine/align/backend";
import { encoderKey } from "../../../src/engine/encoding/encoderKey";
import {
  exportSearchPage,
  sizeSearchPage,
  type SearchPageRequest,
  type SearchPageSources,
} from "../../../src/engine/exporting/searchPage";
import { gzip } from "../../../src/engine/exporting/scriptParts";
import { PageSearch } from "../../../src/searchPage/pageSearch";
import { openPlaygroundDb, type PlaygroundDb } from "../../../src/storage/db";
import { IdbDatasetStore } from "../../../src/storage/datasetStore";
import { IdbEmbeddingStore } from "../../../src/storage/embeddingStore";
import { IdbProjectStore } from "../../../src/storage/projectStore";
import { IdbRunStore } from "../../../src/storage/runStore";
import { baseline, retrieval } from "../../support/retrieval";
import {
  identityProjector,
  sampleImage,
  samplePair,
  sampleProject,
  sampleRun,
  sampleText,
} from "../../support/samples";

const spec = EMBEDDED_ENCODERS.find(({ modality }) => modality === "text")!;
const choice = defaultChoice(spec);
const WIDTH = spec.width;
const ALL = ["train", "validation", "test"] as const;
const wanted: SearchPageRequest = {
  projectId: "p1",
  runId: "r1",
  splits: ALL,
  tags: [],
  originals: false,
};

let db: PlaygroundDb;
let sources: SearchPageSources;
let seen: Progress[];

/** The first two numbers of a text's embedding are its place in the shared space. */
const textProjector: Projector = {
  kind: "linear",
  modality: "text",
  inputWidth: WIDTH,
  dimension: 2,
  tensors: {
    mean: { shape: [WIDTH], data: new Float32Array(WIDTH) },
    weight: {
      shape: [WIDTH, 2],
      data: Float32Array.from({ length: 2 * WIDTH }, (_, i) => Number(i === 0 || i === 3)),
    },
  },
};

beforeEach(async () => {
  db = await openPlaygroundDb(crypto.randomUUID());
  seen = [];
  const [datasets, embeddings, runs] = [
    new IdbDatasetStore(db),
    new IdbEmbeddingStore(db),
    new IdbRunStore(db),
  ];
  const projects = new IdbProjectStore(db);
  await datasets.putOriginals("p1", [
    { digest: "a", blob: new Blob(["AAAA"]), thumbnail: new Blob(["a"], { type: "image/webp" }) },
    { digest: "b", blob: new Blob(["BBBB"]), thumbnail: new Blob(["bb"], { type: "image/webp" }) },
    { digest: "c", blob: new Blob(["CCCC"]) },
  ]);
  await datasets.replaceData(sampleProject(), {
    audio: [],
    sensor: [],
    image: ["a", "b", "c", "d", "e"].map(sampleImage),
    text: ["cat", "dog", "bird"].map((text) => sampleText(text)),
    pairs: [
      samplePair(0, 0, "train"),
      { ...samplePair(0, 1, "train"), tags: ["pet"] },
      samplePair(1, 1, "test"),
      samplePair(2, 2, "validation"),
      samplePair(3, 0, "train"), // refused by the encoder: it has no embedding
      { ...samplePair(4, 2, "train"), excluded: "blurred" },
    ],
  });
  await embeddings.putChunk(
    "image-key",
    ["a", "b", "c", "e"],
    matrix(4, 2, Float32Array.of(1, 0, 0.6, 0.8, 0, 2, 1, 1)),
  );
  const run = sampleRun("r1", "p1", {
    embeddingKeys: { image: "image-key", text: await encoderKey(spec, choice) },
    test: retrieval(0.6),
    baselines: [baseline("chance", 0.1)],
    method: "procrustes",
  });
  await runs.put(run);
  await runs.putProjectors({
    ...{ runId: "r1", step: 7, logitScale: 10 },
    image: identityProjector("image", 2),
    text: textProjector,
  });
  sources = {
    ...{ projects, datasets, embeddings, runs },
    encoders: { get: async (id) => EMBEDDED_ENCODERS.find((each) => each.id === id)! },
    openBackend: () => openBackend("cpu"),
    loadFiles: async () =>
      new Map([
        ["model", Uint8Array.of(1, 2, 3)],
        ["tokenizer", file("tokenizer.json")],
        ["tokenizer-config", file("tokenizer_config.json")],
      ] as const),
    siteFile: siteFile,
    versions: { playground: "9.9.9" },
    now: () => Date.UTC(2026, 0, 2),
  };
});
afterEach(() => db.close());

const file = (name: string) =>
  new Uint8Array(readFileSync(`public/models/all-minilm-l6-v2/${name}`));

async function siteFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const runtime = Buffer.from(await gzip(Uint8Array.of(9))).toString("base64");
  const text = path.endsWith("runtime.js") ? partScript("runtime", 0, runtime) : `/* ${path} */`;
  return new TextEncoder().encode(text);
}

const context = () => ({
  signal: new AbortController().signal,
  report: (progress: Progress) => void seen.push(progress),
});

async function exported(change: Partial<SearchPageRequest> = {}) {
  const { name, blob } = await exportSearchPage(sources, { ...wanted, ...change }, context());
  const entries = await new ZipReader(new BlobReader(blob)).getEntries();
  const files = new Map(
    entries
      .filter((entry): entry is FileEntry => !entry.directory)
      .map((entry) => [entry.filename.replace(/^[^/]+\//, ""), entry]),
  );
  const text = (path: string) => files.get(path)!.getData(new TextWriter());
  return { name, blob, files, text };
}

/** What the scripts of an exported page hand over. */
async function scriptsOf({ files, text }: Awaited<ReturnType<typeof exported>>) {
  const parts: { name: string; index: number; base64: string }[] = [];
  let manifest = "";
  const searchPage = {
    part: (name: string, index: number, base64: string) => parts.push({ name, index, base64 }),
    manifest: (json: string) => (manifest = json),
  };
  for (const path of files.keys()) {
    if (/^data\/|runtime/.test(path)) runInNewContext(await text(path), { searchPage });
  }
  return { parts, manifest: JSON.parse(manifest) as SearchPageManifest };
}

describe("exportSearchPage", () => {
  it("writes a page whose search ranks the gallery as the projectors do", async () => {
    const { parts, manifest } = await scriptsOf(await exported());
    const search = new PageSearch(async ({ runtime, model }) => {
      expect([[...runtime], [...model]]).toEqual([[9], [1, 2, 3]]);
      return {
        inputNames: ["input_ids", "attention_mask"],
        outputNames: ["sentence_embedding"],
        run: async ({ input_ids: ids }) => {
          // “bird” (and what follows it) points up, everything else to the right.
          const isBird = [...(ids!.data as BigInt64Array)].includes(4743n);
          const data = new Float32Array(WIDTH);
          data[isBird ? 1 : 0] = 3;
          return { sentence_embedding: { data, dims: [1, WIDTH] } };
        },
        release: async () => {},
      };
    });
    for (const part of parts) {
      if (part.name !== "thumbnails") search.part(part as Parameters<PageSearch["part"]>[0]);
    }
    const { text, run, items } = manifest;
    await search.open({ text, run, items: items.length });
    const cat = await search.search({ text: "cat", limit: 3 });
    expect([...cat.items]).toEqual([0, 1, 2]);
    cat.scores.forEach((score, i) => expect(score).toBeCloseTo([1, 0.6, 0][i]!, 4));
    expect([...(await search.search({ text: "a bird", limit: 2 })).items]).toEqual([2, 1]);
  });

  it("names every picture in use with its captions, split and place", async () => {
    const page = await exported();
    const { manifest, parts } = await scriptsOf(page);
    expect(manifest.items.map(({ captions, split }) => [captions, split])).toEqual([
      [["cat", "dog"], "train"],
      [["dog"], "test"],
      [["bird"], "validation"],
    ]);
    const bytes = Buffer.from(parts.find(({ name }) => name === "thumbnails")!.base64, "base64");
    const pictures = manifest.items.map(({ thumbnail }) =>
      bytes.subarray(thumbnail!.start, thumbnail!.end).toString(),
    );
    expect(pictures).toEqual(["a", "bb", "CCCC"]);
    expect(manifest.examples).toEqual(["dog"]);
    expect(manifest.recall).toMatchObject({ k: 10, estimate: { value: 0.3 }, chance: 0.05 });
    expect(manifest.run).toMatchObject({ method: "procrustes", step: 7, dimension: 2 });
    for (const name of SEARCH_PAGE_FILES) expect(page.files.has(`app/${name}`)).toBe(true);
    expect(page.name).toBe("museum-search.zip");
    expect(await page.text("NOTICES.txt")).toContain("onnxruntime-web");
    expect(page.files.has("licenses/MIT.txt")).toBe(true);
  });

  it("shows only the splits and tags that were chosen", async () => {
    const held = await scriptsOf(await exported({ splits: ["test"] }));
    expect(held.manifest.items.map(({ captions }) => captions)).toEqual([["dog"]]);
    const tagged = await scriptsOf(await exported({ tags: ["pet"] }));
    expect(tagged.manifest.items.map(({ captions }) => captions)).toEqual([["cat", "dog"]]);
    await expect(exported({ splits: [] })).rejects.toMatchObject({ code: "export/nothing" });
  });

  it("adds the originals when asked to", async () => {
    const page = await exported({ originals: true });
    const { manifest } = await scriptsOf(page);
    expect(manifest.items.map(({ original }) => original)).toEqual([
      "originals/1.png",
      "originals/2.png",
      "originals/3.png",
    ]);
    const blob = await page.files.get("originals/2.png")!.getData(new BlobWriter());
    expect(await blob.text()).toBe("BBBB");
  });

  it("shows by its captions what was never imported as a picture", async () => {
    const { datasets } = sources;
    const missing = () => Promise.reject(new AppError("storage/missing", "no such picture"));
    const bare = {
      items: datasets.items.bind(datasets),
      pairs: datasets.pairs.bind(datasets),
      ...{ thumbnail: missing, blob: missing },
    };
    sources = { ...sources, datasets: bare };
    const { manifest, parts } = await scriptsOf(await exported({ originals: true }));
    expect(manifest.items.every((item) => !item.thumbnail && !item.original)).toBe(true);
    expect(parts.some(({ name }) => name === "thumbnails")).toBe(false);
    expect(await sizeSearchPage(sources, wanted)).toMatchObject({ items: 3, withoutPicture: 3 });
  });

  it("reports progress by its laws", async () => {
    await exported();
    const stages = [...new Set(seen.map(({ stage }) => stage))];
    expect(stages).toEqual(["project", "pack"]);
    for (const name of stages) {
      const events = seen.filter(({ stage }) => stage === name);
      expect(events.at(-1)!.done).toBe(events.at(-1)!.total);
      expect(new Set(events.map(({ total }) => total)).size).toBe(1);
    }
  });

  it("refuses what would be a page that cannot search", async () => {
    const vectors: EncoderSpec = { ...spec, origin: "vectors", files: [], preprocessing: null };
    const only = { ...sources, encoders: { get: async () => vectors } };
    const refused = (from: SearchPageSources) => exportSearchPage(from, wanted, context());
    await expect(refused(only)).rejects.toMatchObject({ code: "encoder/vectors-only" });
    const other = { ...sources, encoders: { get: async () => ({ ...spec, revision: "2" }) } };
    await expect(refused(other)).rejects.toMatchObject({ code: "export/changed-encoder" });
    const unserved = {
      ...sources,
      siteFile: () => Promise.reject(new AppError("encoder/missing", "404")),
    };
    await expect(refused(unserved)).rejects.toMatchObject({
      code: "export/site",
      detail: "search-page/page.js",
    });
    const runs = { get: sources.runs.get.bind(sources.runs), projectors: async () => undefined };
    await expect(refused({ ...sources, runs })).rejects.toMatchObject({
      code: "embeddings/missing",
    });
  });

  it("stops when told to", async () => {
    const abort = new AbortController();
    const report = ({ stage }: Progress) => stage === "pack" && abort.abort();
    await expect(
      exportSearchPage(sources, wanted, { signal: abort.signal, report }),
    ).rejects.toMatchObject({ code: "cancelled" });
  });
});
