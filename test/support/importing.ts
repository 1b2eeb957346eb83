import { PNG } from "pngjs";
import type {
  ColumnMapping,
  ImportReport,
  ImportSource,
  Item,
  Pair,
  SplitSpec,
} from "../../src/core/domain/dataset";
import { DEFAULT_IMPORT, type ImportSettings } from "../../src/core/domain/importFormat";
import type { Project } from "../../src/core/domain/project";
import { readImageHeader } from "../../src/core/formats/imageHeader";
import type { Progress } from "../../src/core/progress";
import type { ImageProbe } from "../../src/engine/importing/decodeImage";
import { SourceReader } from "../../src/engine/importing/readSource";
import { importPairs } from "../../src/engine/importing/importPairs";
import { inspectSource } from "../../src/engine/importing/inspectSource";
import { IdbDatasetStore } from "../../src/storage/datasetStore";
import { openPlaygroundDb } from "../../src/storage/db";
import { IdbEmbeddingStore } from "../../src/storage/embeddingStore";
import { IdbEncoderStore } from "../../src/storage/encoderStore";
import { IdbProjectStore } from "../../src/storage/projectStore";
import { sampleProject } from "./samples";

export const AUTO_SPLIT: SplitSpec = { group: "auto", validation: 0.1, test: 0.1, seed: 0 };

type Content = string | Uint8Array<ArrayBuffer>;

/** Loose files as a drop delivers them. */
export function files(contents: Readonly<Record<string, Content>>): ImportSource {
  return {
    kind: "files",
    files: Object.entries(contents).map(([path, content]) => ({
      path,
      file: new File([content], path.slice(path.lastIndexOf("/") + 1)),
    })),
  };
}

/** A real PNG; pictures of different `shade` differ in their bytes. */
export function png(shade: number, width = 2, height = 3): Uint8Array<ArrayBuffer> {
  const picture = new PNG({ width, height });
  picture.data.fill(shade);
  return new Uint8Array(PNG.sync.write(picture));
}

/** A valid PNG header for a picture that nobody should decode. */
export function pngHeader(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = png(1).slice(0, 64);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

/** Believes the header, as node has no decoder; pictures shorter than 40 bytes fail to decode. */
export const headerProbe: ImageProbe = async (blob) => {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const size = readImageHeader(bytes)?.size;
  if (!size || bytes.length < 40) throw new Error("The source image could not be decoded.");
  return size;
};

const depsOf = (reader = new SourceReader()) => ({
  siteBase: "http://localhost/",
  probe: headerProbe,
  reader,
});

export const inspect = (source: ImportSource, settings: ImportSettings = DEFAULT_IMPORT) =>
  inspectSource(source, settings, depsOf(), new AbortController().signal, () => {});

/** Roles as guessed, changed where the test says so. */
export async function guessedMapping(
  source: ImportSource,
  change: Readonly<Record<string, ColumnMapping[number]["role"]>> = {},
  settings: ImportSettings = DEFAULT_IMPORT,
): Promise<ColumnMapping> {
  const { columns } = await inspect(source, settings);
  const changed = new Map(Object.entries(change));
  return columns.map(({ column, role }) => ({ column, role: changed.get(column) ?? role }));
}

export interface Imported {
  readonly report: ImportReport;
  readonly project: Project;
  readonly images: readonly Item[];
  readonly texts: readonly Item[];
  readonly pairs: readonly Pair[];
  readonly blobs: readonly string[];
  readonly progress: readonly Progress[];
}

export interface ImportOptions {
  settings?: ImportSettings;
  mapping?: ColumnMapping;
  split?: SplitSpec;
  probe?: ImageProbe;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

let databases = 0;

/** A fresh database with one empty project, and imports into it. */
export async function importBench() {
  const db = await openPlaygroundDb(`import-${++databases}`);
  const projects = new IdbProjectStore(db);
  const store = new IdbDatasetStore(db);
  const vectorStores = {
    embeddings: new IdbEmbeddingStore(db),
    encoders: new IdbEncoderStore(db),
  };
  await projects.put(sampleProject());
  const state = async () => ({
    project: await projects.get("p1"),
    images: await store.items("p1", "image"),
    texts: await store.items("p1", "text"),
    pairs: await store.pairs("p1"),
    blobs: (await db.getAllKeys("places")).map(([, digest]) => digest),
  });
  const run = async (source: ImportSource, options: ImportOptions = {}): Promise<Imported> => {
    const progress: Progress[] = [];
    const settings = options.settings ?? DEFAULT_IMPORT;
    const report = await importPairs({
      projectId: "p1",
      loadProject: () => projects.get("p1"),
      source,
      settings,
      mapping: options.mapping ?? (await guessedMapping(source, {}, settings)),
      split: options.split ?? AUTO_SPLIT,
      store,
      vectorStores,
      deps: { ...depsOf(), probe: options.probe ?? headerProbe },
      signal: options.signal ?? new AbortController().signal,
      report: (event) => {
        progress.push(event);
        options.onProgress?.(event);
      },
    });
    return { report, progress, ...(await state()) };
  };
  return { run, state, store, projects, db, ...vectorStores };
}

/** Imports into a database of its own. */
export async function importFiles(source: ImportSource, options?: ImportOptions) {
  return (await importBench()).run(source, options);
}
