import { DEFAULT_ENCODERS } from "../../src/core/catalogue/encoders";
import type { EncoderSpec } from "../../src/core/domain/encoder";
import type { Project } from "../../src/core/domain/project";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { matrix, row } from "../../src/core/math/matrix";
import type { Checkpoint } from "../../src/core/ports";
import type { AlignProgress } from "../../src/core/domain/alignRequest";
import { AlignService } from "../../src/engine/align/alignService";
import { openBackend } from "../../src/engine/align/backend";
import { encoderKey } from "../../src/engine/encoding/encoderKey";
import { FileCache } from "../../src/engine/encoders/fileCache";
import { openProjectFile } from "../../src/engine/exporting/projectRestorer";
import { saveProject, type ProjectFileContext } from "../../src/engine/exporting/projectWriter";
import { sha256 } from "../../src/engine/sha256";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import type { PlaygroundDb } from "../../src/storage/db";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { IdbEncoderStore } from "../../src/storage/encoderStore";
import { IdbProjectArchive } from "../../src/storage/projectArchive";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { IdbRunStore } from "../../src/storage/runStore";
import { IdbSettingStore } from "../../src/storage/settingStore";
import { latentData } from "./alignmentFixture";
import { memoryCaches } from "./memoryCaches";
import { png } from "./importing";
import { samplePair, sampleProject, sampleRun } from "./samples";

/** A browser's stores with what reads and writes project files over them. */
export function profileOn(db: PlaygroundDb) {
  const memory = memoryCaches();
  const cache = new FileCache(memory.caches, "https://site.example/");
  const stores = {
    projects: new IdbProjectStore(db),
    datasets: new IdbDatasetStore(db),
    embeddings: new IdbEmbeddingStore(db),
    encoders: new IdbEncoderStore(db),
    runs: new RecordingRuns(db),
    settings: new IdbSettingStore(db),
    archive: new IdbProjectArchive(db),
  };
  const deps = { ...stores, cache: () => cache, now: () => 86_400_000, version: "1.2.3" };
  const context: ProjectFileContext = { signal: new AbortController().signal, report: () => {} };
  return {
    db,
    stores,
    cache,
    cached: memory.entries,
    /** Cache Storage as on a disk with so little room left. */
    leaveRoom: (bytes: number) => void (memory.roomBytes = bytes),
    save: (projectId: string, options = context) => saveProject(projectId, deps, options),
    open: (file: Blob, options = context) => openProjectFile(file, deps, options),
    /** Trains as after a reload; `until` stops at the report of that step. */
    train: (runId: string, until = Infinity) => train(stores, runId, until),
    lastCheckpoint: () => stores.runs.last,
  };
}

export type Profile = ReturnType<typeof profileOn>;

class RecordingRuns extends IdbRunStore {
  last: Checkpoint | undefined;

  override async putCheckpoint(...args: Parameters<IdbRunStore["putCheckpoint"]>): Promise<void> {
    await super.putCheckpoint(...args);
    this.last = args[0];
  }
}

async function train(stores: Profile["stores"], runId: string, until: number) {
  const abort = new AbortController();
  let now = 0;
  const service = new AlignService({
    ...stores,
    openBackend: () => openBackend("wasm"),
    clock: () => (now += 1_000),
    now: () => 1,
    versions: {},
  });
  const report = ({ stage, done }: AlignProgress) => {
    if (stage === "train" && done >= until) abort.abort();
  };
  return service.align({ runId, device: "wasm" }, abort.signal, report);
}

/** Ids of a project put into a profile by `storeProject`. */
export interface StoredIds {
  readonly projectId: string;
  readonly runId: string;
  readonly sweepId: string;
}

/** The entry of an own model whose one file holds these bytes. */
export async function ownSpec(bytes: Uint8Array<ArrayBuffer>): Promise<EncoderSpec> {
  return {
    id: "own-0123456789abcdef",
    name: "My network",
    modality: "image",
    origin: "file",
    verified: false,
    summary: "",
    source: "net.onnx",
    revision: "own",
    license: "",
    parameters: 0,
    width: 4,
    outputs: { mean: "out" },
    layers: [],
    preprocessing: {
      ...{ kind: "image", size: 8, fit: "squash", input: "pixels" },
      ...{ mean: [0, 0, 0], std: [1, 1, 1] },
    },
    preprocessingVersion: 1,
    files: [
      { role: "model", path: "net.onnx", sizeBytes: bytes.length, sha256: await sha256(bytes) },
    ],
    parityPath: "parity.json",
    wasmMsPerItem: 1,
  };
}

/** A project of 80 pairs with pictures, embeddings, an own model, settings and one queued run. */
export async function storeProject(profile: Profile, steps = 30): Promise<StoredIds> {
  const { stores, cache } = profile;
  const data = latentData({ train: 60, validation: 20 });
  const projectId = crypto.randomUUID();
  const runId = crypto.randomUUID();
  const sweepId = crypto.randomUUID();
  const count = data.image.rows;
  const pictures = Array.from({ length: count }, (_, i) => png(i, 2 + (i % 5)));
  const digests = {
    image: await Promise.all(pictures.map((bytes) => sha256(bytes))),
    text: await Promise.all(Array.from({ length: count }, (_, i) => sha256(`caption ${i}`))),
  };
  const project: Project = sampleProject(projectId, {
    name: "Käfer, Museum",
    queryRunId: runId,
    savedQueries: [
      {
        ...{ id: "q1", name: "beetles", target: "image" },
        terms: [{ kind: "words", text: "beetle", weight: 1 }],
        scores: { centred: true, csls: false },
        filter: { splits: ["test"], labels: { kind: ["a"] } },
      },
    ],
    data: dataOf(count),
  });
  await stores.datasets.putOriginals(
    projectId,
    pictures.map((bytes, i) => ({
      digest: digests.image[i]!,
      blob: { bytes, type: "image/png" },
      ...(i % 2 === 0 && { thumbnail: new Blob([png(i)], { type: "image/png" }) }),
    })),
  );
  await stores.datasets.replaceData(project, {
    audio: [],
    sensor: [],
    image: digests.image.map((digest, i) => ({
      ...{ modality: "image", digest, source: `images/${i}.png`, width: 2, height: 3 },
      labels: { kind: i % 2 ? "a" : "b" },
    })),
    text: digests.text.map((digest, i) => ({
      ...{ modality: "text", digest, source: `metadata.csv:${i + 2}`, text: `caption ${i}` },
    })),
    pairs: Array.from({ length: count }, (_, i) => ({
      ...samplePair(i, data.pairs.text[i]!, data.pairs.split[i]),
      ...(i === 3 && { tags: ["odd"] }),
    })),
  });
  for (const side of ["image", "text"] as const) {
    const choice = DEFAULT_ENCODERS[side];
    const key = await encoderKey(await stores.encoders.get(choice.id), choice);
    const { cols } = data[side];
    for (let r = 0; r < count; r += 16) {
      const names = digests[side].slice(r, r + 16);
      const rows = names.flatMap((_, i) => [...row(data[side], r + i)]);
      const chunk = matrix(names.length, cols, Float32Array.from(rows));
      await stores.embeddings.putChunk(key, names, chunk);
    }
  }
  const model = Uint8Array.of(8, 1, 2, 3);
  const spec = await ownSpec(model);
  await stores.encoders.put(spec);
  await cache.put(cache.address(spec, { path: "net.onnx" }), model);
  await cache.put(cache.address(spec, { path: "parity.json" }), new TextEncoder().encode("{}"));
  const recipe = resolveRecipe({
    version: 1,
    data: { project: projectId },
    align: { dimension: 8, steps, batchSize: 16 },
    evaluate: { baselines: ["chance"] },
  });
  const at = { "align.seed": 0 };
  const sweep = { id: sweepId, name: "seeds", at };
  const run = sampleRun(runId, projectId, { recipe, sweep, notes: "the first" });
  await stores.runs.put({ ...run, embeddingKeys: { image: "", text: "" }, name: "zweiter Lauf" });
  const other = { ...recipe, encoders: { ...recipe.encoders, image: choiceOf(spec) } };
  await stores.runs.put(
    sampleRun(crypto.randomUUID(), projectId, {
      ...{ recipe: other, sweep, createdAt: 2, embeddingKeys: { image: "", text: "" } },
    }),
  );
  await stores.settings.put(`align-form/${projectId}`, {
    ...{ projectId, odd: NaN, zero: -0 },
    perItem: Uint32Array.of(3, 1, 2),
    scores: Float32Array.of(0.1, NaN),
  });
  await stores.settings.put(`doctor-run/${projectId}`, { before: runId, after: "gone" });
  return { projectId, runId, sweepId };
}

const choiceOf = ({ id }: EncoderSpec) => ({ id, pooling: "mean", layer: null }) as const;

function dataOf(count: number): NonNullable<Project["data"]> {
  return {
    digest: "0".repeat(64),
    ...{ source: "museum.zip", format: "imagefolder", media: "image" },
    mapping: [{ column: "text", role: "caption" }],
    split: { group: "auto", validation: 0.1, test: 0.1, seed: 0 },
    labelColumns: ["kind"],
    sizeBytes: 1_000,
    edits: [
      { kind: "tag", pairs: [3], tag: "odd" },
      { kind: "exclude", pairs: [4], reason: "blurred" },
    ],
    report: {
      ...{ rows: count, used: count, skipped: 0, pairs: count, groups: count },
      items: { image: count, text: count, audio: 0, sensor: 0 },
      splits: { train: 60, validation: 20, test: 0 },
      splitSource: "drawn",
      issues: [],
      elapsedMs: 5,
    },
  };
}

/** Everything in a database, store by store, blobs as bytes. */
export async function dump(db: PlaygroundDb): Promise<Record<string, unknown[]>> {
  const stores: Record<string, unknown[]> = {};
  for (const name of db.objectStoreNames) {
    const keys = await db.getAllKeys(name);
    const values = await db.getAll(name);
    stores[name] = await Promise.all(
      keys.map(async (key, i) => [key, await withBytes(values[i])] as const),
    );
  }
  return stores;
}

async function withBytes(value: unknown): Promise<unknown> {
  const blob = (value as { blob?: unknown } | null)?.blob;
  if (!(blob instanceof Blob)) return value;
  return { ...(value as object), blob: [...new Uint8Array(await blob.arrayBuffer())] };
}

/** SHA-256 over the names, shapes and bits of a checkpoint's tensors. */
export async function tensorDigest(checkpoint: Checkpoint): Promise<string> {
  const lines: string[] = [`step ${checkpoint.step}`];
  for (const part of ["weights", "firstMoments", "secondMoments", "bestWeights"] as const) {
    for (const [name, { shape, data }] of Object.entries(checkpoint[part] ?? {}).sort()) {
      const bytes = new Uint8Array(
        data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
      );
      lines.push(`${part} ${name} [${shape.join()}] ${await sha256(bytes)}`);
    }
  }
  return sha256(lines.join("\n"));
}
