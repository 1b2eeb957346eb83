import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { BlobReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import type { Projector } from "../../src/core/domain/projector";
import { resolveRecipe } from "../../src/core/domain/recipe";
import type { EmbeddingExport } from "../../src/core/domain/takeAway";
import type { Progress } from "../../src/core/progress";
import { encoderKey } from "../../src/engine/encoding/encoderKey";
import { openBackend } from "../../src/engine/align/backend";
import { ExportService } from "../../src/engine/exporting/exportService";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import type { PlaygroundDb } from "../../src/storage/db";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { IdbEncoderStore } from "../../src/storage/encoderStore";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { IdbRunStore } from "../../src/storage/runStore";
import { INPUT_WIDTH, irregularRows } from "./exportedHeads";
import { baseline, point, retrieval } from "./retrieval";
import { sampleImage, samplePair, sampleProject, sampleRun, sampleText } from "./samples";

export const EXPORTED_ITEMS = 13;

/** Captions that spreadsheets, CSV and file systems stumble over. */
export const AWKWARD = [
  "=cmd|' /C calc'!A0",
  "'=quoted already",
  "-5",
  'a, comma and "quotes"',
  "two\nlines",
  " מימין לשמאל ",
  "+1 for 猫 🐈",
];

/** A stored project of 13 pairs with one run `r1` whose both sides have this projector. */
export async function exportFixture(db: PlaygroundDb, projector: Projector) {
  const stores = {
    projects: new IdbProjectStore(db),
    datasets: new IdbDatasetStore(db),
    embeddings: new IdbEmbeddingStore(db),
    encoders: new IdbEncoderStore(db),
    runs: new IdbRunStore(db),
  };
  const recipe = resolveRecipe({ version: 1, data: { project: "p1" } });
  const items = Array.from({ length: EXPORTED_ITEMS }, (_, i) => i);
  const image = items.map((i) => sampleImage(`image${i}`));
  const text = items.map((i) => sampleText(`text${i}`, AWKWARD[i] ?? `caption ${i}`));
  const pairs = items.map((i) => samplePair(i, i, i % 4 === 0 ? "test" : "train"));
  await stores.datasets.replaceData(sampleProject("p1", { name: "My museum / “Ü”" }), {
    ...{ image, text, audio: [], sensor: [] },
    pairs: pairs.map((pair, i) => (i === 12 ? { ...pair, excluded: "blurred" } : pair)),
  });
  const keys = { image: "", text: "" };
  for (const side of ["image", "text"] as const) {
    const choice = recipe.encoders[side];
    keys[side] = await encoderKey(await stores.encoders.get(choice.id), choice);
    const rows = irregularRows(EXPORTED_ITEMS, INPUT_WIDTH, side === "image" ? 3 : 4);
    const digests = (side === "image" ? image : text).map(({ digest }) => digest);
    await stores.embeddings.putChunk(keys[side], digests, rows);
  }
  const run = sampleRun("r1", "p1", {
    ...{ recipe, embeddingKeys: keys, status: "done", device: "wasm" },
    history: [point(1), point(2, retrieval(0.5)), { ...point(3), loss: NaN }],
    test: retrieval(0.6),
    baselines: [baseline("chance", 0.1)],
    splits: { train: 9, validation: 0, test: 4 },
  });
  await stores.runs.put(run);
  await stores.runs.putProjectors({
    ...{ runId: "r1", step: 2, logitScale: 20 },
    image: { ...projector, modality: "image" },
    text: { ...projector, modality: "text" },
  });
  const service = new ExportService({
    ...stores,
    openBackend: () => openBackend("wasm"),
    versions: { playground: "test" },
  });
  return { service, stores, run, keys };
}

/** The files of the model folder by path. */
export async function exportedFiles(
  service: ExportService,
  options: { readonly embeddings?: EmbeddingExport; readonly isRaw?: boolean } = {},
) {
  const reports: Progress[] = [];
  const { name, blob } = await service.exportModel(
    { projectId: "p1", runId: "r1", embeddings: "none", isRaw: false, ...options },
    { signal: new AbortController().signal, report: (progress) => reports.push(progress) },
  );
  return { name, reports, files: await unzipped(blob) };
}

/** The bytes of every file of a zip, by path. */
export async function unzipped(blob: Blob): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const reader = new ZipReader(new BlobReader(blob));
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    files.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
  }
  await reader.close();
  return files;
}

/** Writes files below a folder. */
export function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}
