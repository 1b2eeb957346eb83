import "fake-indexeddb/auto";
import { readFileSync } from "node:fs";
import { BlobReader, TextWriter, ZipReader, type FileEntry } from "@zip.js/zip.js";
import Papa from "papaparse";
import type { AlignmentData } from "../../src/core/domain/alignmentData";
import type { Item, Pair, Split } from "../../src/core/domain/dataset";
import type { EncoderSpec } from "../../src/core/domain/encoder";
import type { PathScore } from "../../src/core/domain/hub";
import type { Modality } from "../../src/core/domain/modality";
import type { ProjectData } from "../../src/core/domain/project";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { matrix, takeRows, type Matrix } from "../../src/core/math/matrix";
import { evaluateRetrieval } from "../../src/core/metrics/evaluateRetrieval";
import { openBackend } from "../../src/engine/align/backend";
import { resolveTraining } from "../../src/engine/align/resolveTraining";
import { trainRun } from "../../src/engine/align/trainRun";
import { encoderKey } from "../../src/engine/encoding/encoderKey";
import { JoinService } from "../../src/engine/hub/joinService";
import { openPlaygroundDb } from "../../src/storage/db";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import { IdbDoubtStore } from "../../src/storage/doubtStore";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { IdbHubStore } from "../../src/storage/hubStore";
import { IdbJoiningStore } from "../../src/storage/joiningStore";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { IdbRunStore } from "../../src/storage/runStore";
import { sampleContent, sampleProject, sampleRun } from "../support/samples";
import { referenceData } from "./referenceData";

// npx tsx test/bench/hubBar.ts FEATURES.npy [seeds]
// FEATURES: float32 [840, D], one row per row of the spoken sample's metadata.csv.
const [path = "", seeds = "0,1,2"] = process.argv.slice(2);
const CHOICE = { id: "sounds", pooling: "mean", layer: null } as const;

interface Clip {
  readonly file_name: string;
  readonly text: string;
  readonly split: Split;
}

const db = await openPlaygroundDb("bar");
const stores = {
  projects: new IdbProjectStore(db),
  datasets: new IdbDatasetStore(db),
  embeddings: new IdbEmbeddingStore(db),
  runs: new IdbRunStore(db),
  hubs: new IdbHubStore(db),
  joinings: new IdbJoiningStore(db),
  doubts: new IdbDoubtStore(db),
};
const spec = {
  ...{ id: "sounds", outputs: { mean: "out" }, layers: [], files: [], preprocessing: null },
} as unknown as EncoderSpec;
const service = new JoinService({
  ...stores,
  encoders: { get: () => Promise.resolve(spec) },
  openBackend: () => openBackend("wasm"),
  clock: () => performance.now(),
  now: () => Date.now(),
});
const context = { signal: new AbortController().signal, report: () => {} };
await openBackend("wasm");
const hubData = referenceData();
await storeHubProject(hubData);
await storeClips(readNpy(path));
await trainHub(hubData);
const source = { kind: "run", runId: "hub", runName: "", step: 0 } as const;
const hub = await service.freeze({ projectId: "emoji", name: "Emoji", source }, context);
console.log(`hub ${hub.digest.slice(0, 12)}, ${JSON.stringify(hub.frozen?.recalls)}`);
const tenths = new Map<string, number[]>();
for (const seed of seeds.split(",").map(Number)) {
  for (const anchor of ["text", "image"]) {
    const member = await service.join(
      {
        ...{ hubId: hub.id, name: `${anchor} ${seed}`, projectId: "spoken", modality: "audio" },
        ...{ encoder: CHOICE, anchors: [anchor], seed, device: "wasm" },
      },
      context,
    );
    const { joined } = member;
    if (!joined) continue;
    const { best, training, check, elapsedMs } = joined;
    const about = `best ${best?.step} of ${training.steps}, validation ${best?.score.toFixed(3)}`;
    console.log(`seed ${seed}, against ${anchor}: ${about}, ${(elapsedMs / 1000).toFixed(1)} s`);
    for (const score of joined.paths) {
      if (![score.from, score.to].includes("image") && anchor === "image") continue;
      if (score.from.length > 5 && score.to.length > 5) continue;
      const [from, to] = [score.from, score.to].map((id) => (id.length > 5 ? "sound" : id));
      console.log(`  ${from} → ${to} (${score.kind}): ${describe(score)}`);
      const key = `${anchor}: ${from} → ${to}`;
      const tenth = score.result.recall["10"]?.value ?? NaN;
      tenths.set(key, [...(tenths.get(key) ?? []), tenth]);
    }
    console.log(`  unchanged to the bit: ${check?.isUnchanged}`);
    await stores.hubs.deleteMember(hub.id, member.id);
  }
}
const mean = (key: string) => {
  const values = tenths.get(key) ?? [];
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};
const [emergent, direct] = ["text", "image"].map((anchor) => mean(`${anchor}: sound → image`));
console.log(`sound → image recall@10: emergent ${percent(emergent)}, direct ${percent(direct)}`);
console.log(`share ${percent((emergent ?? NaN) / (direct ?? NaN))} (the bar is 85 %)`);
db.close();

function describe({ result, chance, ridge, shuffled }: PathScore): string {
  const of = (values: Readonly<Record<string, { readonly value: number }>> | null) =>
    ["1", "5", "10"].map((k) => percent(values?.[k]?.value)).join(" / ");
  const guess = ["1", "5", "10"].map((k) => percent(chance[k])).join(" / ");
  return `${of(result.recall)} of ${result.gallery}; ridge ${of(ridge)}; shuffled ${of(shuffled)}; chance ${guess}`;
}

function percent(value: number | undefined): string {
  return value === undefined ? "–" : `${(100 * value).toFixed(1)} %`;
}

async function trainHub(data: AlignmentData): Promise<void> {
  const recipe = resolveRecipe({ version: 1, data: { path: "reference-embeddings" } });
  const { projectors } = await trainRun({
    ...{ runId: "hub", data, recipe, device: "wasm" },
    training: resolveTraining(recipe.align, data),
    signal: context.signal,
    isFinishing: () => false,
    evaluate: (image, text, pairs) =>
      evaluateRetrieval(image, text, pairs, "validation", { ks: [1, 5, 10], seed: 0 }),
    onPoint: () => {},
    onCheckpoint: () => Promise.resolve(),
    clock: () => performance.now(),
  });
  await stores.runs.put(sampleRun("hub", "emoji"));
  await stores.runs.putProjectors(projectors);
}

async function storeHubProject({ image, text, pairs }: AlignmentData): Promise<void> {
  const captions = captionsOf(pairs.text);
  await storeProject("emoji", {
    image: Array.from({ length: image.rows }, (_, i) => item("image", `i${i}`)),
    text: captions.map((caption) => ({ ...item("text", caption), text: caption })),
    pairs: Array.from({ length: pairs.length }, (_, p) => ({
      ...{ image: pairs.image[p] ?? 0, text: pairs.text[p] ?? 0, group: String(pairs.text[p]) },
      ...{ split: pairs.split[p] ?? "train", row: String(p) },
    })),
  });
  await storeRows("image-key", Array.from({ length: image.rows }, (_, i) => `i${i}`), image); // prettier-ignore
  await storeRows("text-key", captions, text);
}

function captionsOf(text: Uint32Array): string[] {
  const file = "../fixtures/reference-embeddings/metadata/metadata_0.csv";
  const csv = readFileSync(new URL(file, import.meta.url), "utf8");
  const { data } = Papa.parse<{ caption: string }>(csv, { header: true, skipEmptyLines: true });
  const captions: string[] = [];
  data.forEach(({ caption }, p) => (captions[text[p] ?? 0] = caption));
  return captions;
}

async function storeClips(features: Matrix): Promise<void> {
  const clips = await readClips();
  const captions = [...new Set(clips.map(({ text }) => text))];
  const files = clips.map((clip) => clip.file_name);
  await storeProject("spoken", {
    audio: files.map((file) => item("audio", file)),
    text: captions.map((caption) => ({ ...item("text", caption), text: caption })),
    pairs: clips.map(({ text, split }, i) => ({
      ...{ audio: i, text: captions.indexOf(text), group: text, split, row: String(i) },
    })),
  });
  await storeRows(await encoderKey(spec, CHOICE), files, features);
}

async function readClips(): Promise<readonly Clip[]> {
  const bytes = readFileSync(new URL("../../public/samples/spoken-emoji.zip", import.meta.url));
  const reader = new ZipReader(new BlobReader(new Blob([bytes])), { useWebWorkers: false });
  const entries = await reader.getEntries();
  const table = entries.find(({ filename }) => filename === "metadata.csv") as FileEntry;
  const csv = await table.getData(new TextWriter());
  await reader.close();
  return Papa.parse<Clip>(csv, { header: true, skipEmptyLines: true }).data;
}

function item(modality: Modality, digest: string): Item {
  return { modality, digest, source: digest };
}

function storeProject(
  id: string,
  content: Partial<Record<Modality, Item[]>> & { readonly pairs: readonly Pair[] },
): Promise<void> {
  const data = { digest: id } as ProjectData;
  return stores.datasets.replaceData(sampleProject(id, { data }), sampleContent(content));
}

async function storeRows(key: string, digests: readonly string[], rows: Matrix): Promise<void> {
  for (let start = 0; start < rows.rows; start += 256) {
    const part = digests.slice(start, start + 256);
    const chunk = takeRows(
      rows,
      part.map((_, i) => start + i),
    );
    await stores.embeddings.putChunk(key, part, chunk);
  }
}

function readNpy(file: string): Matrix {
  const bytes = readFileSync(file);
  const end = 10 + bytes.readUInt16LE(8);
  const shape = /'<f4'.*\((\d+), (\d+)\)/.exec(bytes.toString("latin1", 10, end));
  if (!shape) throw new Error(`${file}: not a float32 array of two dimensions`);
  const [rows, cols] = [Number(shape[1]), Number(shape[2])];
  const values = new Float32Array(rows * cols);
  values.forEach((_, i) => (values[i] = bytes.readFloatLE(end + 4 * i)));
  return matrix(rows, cols, values);
}
