import { downloadZip } from "client-zip";
import { licencePath } from "../../core/catalogue/licenceEntry";
import type { EncoderSpec } from "../../core/domain/encoder";
import type { Project } from "../../core/domain/project";
import type { ProjectorPair } from "../../core/domain/projector";
import type { Run } from "../../core/domain/run";
import {
  SEARCH_PAGE_FILES,
  SEARCH_PAGE_FOLDER,
  type SearchPageOptions,
  type SearchPagePart,
  type SearchPageSize,
} from "../../core/domain/searchPage";
import type { ExportedFile } from "../../core/domain/takeAway";
import { AppError } from "../../core/errors";
import { packProjector } from "../../core/formats/projectorFile";
import { packVectors } from "../../core/formats/packedVectors";
import { manifestScript, searchPageHtml } from "../../core/formats/searchPageFiles";
import { matrix, takeRows, type Matrix } from "../../core/math/matrix";
import type {
  DatasetStore,
  EmbeddingStore,
  EncoderStore,
  ProjectStore,
  RunStore,
} from "../../core/ports";
import type { Progress } from "../../core/progress";
import { openProjector } from "../align/project";
import type { LoadedFiles } from "../encoders/loadFiles";
import { encoderKey } from "../encoding/encoderKey";
import { networkOf, type Network } from "../encoding/networkOf";
import { throttleProgress } from "../throttleProgress";
import { gzip, scriptsOf, type ScriptFile } from "./scriptParts";
import { pageGallery, type PageGallery } from "./searchPageGallery";
import { manifestOf } from "./searchPageManifest";
import { noticesOf, readmeOf, shippedNotices } from "./searchPageNotices";
import { packPictures, pictureBytes } from "./searchPagePictures";

/** What the export of a search page reads from. */
export interface SearchPageSources {
  readonly projects: Pick<ProjectStore, "get">;
  readonly datasets: Pick<DatasetStore, "items" | "pairs" | "blob" | "thumbnail">;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
  readonly runs: Pick<RunStore, "get" | "projectors">;
  /** Readies the tensor backend. */
  readonly openBackend: () => Promise<unknown>;
  /** The encoder's own files, with the digests that were promised. */
  readonly loadFiles: (
    spec: EncoderSpec,
    report: (progress: Progress) => void,
  ) => Promise<LoadedFiles>;
  /** A file of this site by its path. @throws AppError. */
  readonly siteFile: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface SearchPageRequest extends SearchPageOptions {
  readonly projectId: string;
  readonly runId: string;
}

interface ExportContext {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Base64 makes four characters of three bytes. */
const AS_SCRIPT = 4 / 3;
/** Weights and vectors hardly shrink: what gzip leaves of all-MiniLM-L6-v2. */
const ZIPPED = 0.913;
/** page.js, page.css, worker.js and runtime.js of this version, measured; licences with them. */
const APP_BYTES = 5_700_000;
const RUNTIME_BYTES = 4_950_000;
const BLOCK_ROWS = 256; // projected between two looks at the signal

/** What a page of these options would hold and weigh. @throws AppError as `exportSearchPage`. */
export async function sizeSearchPage(
  sources: SearchPageSources,
  request: SearchPageRequest,
): Promise<SearchPageSize> {
  const plan = await planPage(sources, request);
  const { items, images } = plan.gallery;
  const pictures = await pictureBytes(sources.datasets, request.projectId, items, request);
  const model = plan.network.spec.files.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);
  const vectors = images.items.length * (4 + 2 * plan.projectors.image.dimension);
  const captions = items.reduce((sum, item) => sum + 120 + item.captions.join("").length, 0);
  return {
    items: items.length,
    withoutPicture: pictures.missing,
    sizeBytes: Math.round(
      APP_BYTES +
        captions +
        pictures.originals +
        AS_SCRIPT * (ZIPPED * (model + vectors) + pictures.thumbnails),
    ),
    encoderBytes: Math.round(RUNTIME_BYTES + AS_SCRIPT * ZIPPED * model),
  };
}

/**
 * A folder, zipped, that finds the project's pictures by words: on any host and from `file://`,
 * with no server and no network. It holds the text encoder, its projector, and the pictures'
 * vectors as 16-bit integers.
 *
 * @throws AppError `encoder/vectors-only` when the texts came as vectors without a network,
 *   `embeddings/missing` for a run without projectors, `export/changed-encoder`, `export/nothing`,
 *   `export/site`, `cancelled`; as `loadFiles`.
 */
export async function exportSearchPage(
  sources: SearchPageSources,
  request: SearchPageRequest,
  { signal, report }: ExportContext,
): Promise<ExportedFile> {
  const plan = await planPage(sources, request);
  const throttled = throttleProgress(report);
  const files = pageFiles(sources, plan, { ...request, signal, report: throttled });
  const modified = new Date(sources.now());
  const folder = folderName(plan.project.name);
  async function* zipped() {
    for await (const { path, content } of files) {
      if (signal.aborted) throw new AppError("cancelled");
      yield { name: `${folder}/${path}`, input: content, lastModified: modified };
    }
  }
  const blob = await downloadZip(zipped()).blob();
  return { name: `${folder}.zip`, blob: new Blob([blob], { type: "application/zip" }) };
}

/** Everything a page is made from, checked. */
export interface PagePlan {
  readonly project: Project;
  readonly run: Run;
  readonly projectors: ProjectorPair;
  readonly network: Network;
  readonly imageSpec: EncoderSpec;
  readonly gallery: PageGallery;
}

async function planPage(sources: SearchPageSources, request: SearchPageRequest): Promise<PagePlan> {
  const { projects, runs, encoders } = sources;
  const [project, run, projectors] = await Promise.all([
    projects.get(request.projectId),
    runs.get(request.runId),
    runs.projectors(request.runId),
  ]);
  if (!projectors) throw new AppError("embeddings/missing", "this run has no projectors yet");
  const { text, image } = run.recipe.encoders;
  const [textSpec, imageSpec] = await Promise.all([encoders.get(text.id), encoders.get(image.id)]);
  const network = await networkOf(textSpec, text, encoders);
  if ((await encoderKey(textSpec, text)) !== run.embeddingKeys.text) {
    throw new AppError("export/changed-encoder", textSpec.name);
  }
  const imageKey = run.embeddingKeys.image;
  const gallery = await pageGallery(sources, { ...request, imageKey });
  return { project, run, projectors, network, imageSpec, gallery };
}

interface PageFile {
  readonly path: string;
  readonly content: string | Blob | Uint8Array<ArrayBuffer>;
}

interface Making extends SearchPageRequest, ExportContext {}

async function* pageFiles(
  sources: SearchPageSources,
  plan: PagePlan,
  making: Making,
): AsyncGenerator<PageFile> {
  const parts = new PartCounter();
  for (const name of SEARCH_PAGE_FILES) {
    const content = await siteFile(sources, `${SEARCH_PAGE_FOLDER}/${name}`);
    const carried = Math.round(content.length / AS_SCRIPT);
    if (name === "runtime.js") parts.add("runtime", carried);
    if (name === "worker.js") parts.add("worker", carried);
    yield { path: `app/${name}`, content };
  }
  const packed = async (name: SearchPagePart, bytes: Uint8Array<ArrayBuffer>) =>
    [...scriptsOf(name, await gzip(bytes))].map((script) => parts.file(script));
  const { network, projectors, gallery } = plan;
  for (const [role, bytes] of await sources.loadFiles(network.spec, making.report)) {
    yield* await packed(role, bytes);
  }
  yield* await packed("projector", packProjector(projectors.text));
  await sources.openBackend();
  const vectors = await projectAll(projectors, gallery.images.raw, making);
  yield* await packed("vectors", packVectors(vectors));
  const pictures = packPictures(sources.datasets, gallery.items, making);
  for await (const file of pictures.files) {
    yield "text" in file ? parts.file(file) : { path: file.path, content: file.blob };
  }
  const made = { items: pictures.items, parts: parts.counted };
  const manifest = manifestOf(plan, made, sources);
  yield { path: "data/manifest.js", content: manifestScript(manifest) };
  const description = `Search ${manifest.items.length} pictures by words, in your browser.`;
  yield { path: "index.html", content: searchPageHtml(manifest.title, description) };
  yield { path: "README.txt", content: readmeOf(manifest) };
  yield { path: "NOTICES.txt", content: noticesOf(manifest, plan.project) };
  for (const path of new Set(
    shippedNotices(plan.project).map(({ licence }) => licencePath(licence)),
  )) {
    yield { path, content: await siteFile(sources, path) };
  }
}

/** Counts scripts as they are written: the page shows how much is still to load. */
class PartCounter {
  readonly counted: Partial<Record<SearchPagePart, { count: number; sizeBytes: number }>> = {};

  add(name: SearchPagePart, bytes: number): void {
    const { count, sizeBytes } = this.counted[name] ?? { count: 0, sizeBytes: 0 };
    this.counted[name] = { count: count + 1, sizeBytes: sizeBytes + bytes };
  }

  file({ name, path, text, sizeBytes }: ScriptFile): PageFile {
    this.add(name, sizeBytes);
    return { path, content: text };
  }
}

async function projectAll(
  { image }: ProjectorPair,
  raw: Matrix,
  { signal, report }: ExportContext,
): Promise<Matrix> {
  const projector = openProjector(image);
  const out = matrix(raw.rows, image.dimension);
  try {
    for (let start = 0; start < raw.rows; start += BLOCK_ROWS) {
      if (signal.aborted) throw new AppError("cancelled");
      const rows = Math.min(BLOCK_ROWS, raw.rows - start);
      const block = takeRows(
        raw,
        Uint32Array.from({ length: rows }, (_, i) => start + i),
      );
      out.data.set((await projector.project(block)).data, start * out.cols);
      report({ stage: "project", done: start + rows, total: raw.rows, unit: "items" });
    }
    return out;
  } finally {
    projector.dispose();
  }
}

async function siteFile({ siteFile: read }: SearchPageSources, path: string) {
  try {
    return await read(path);
  } catch (cause) {
    throw new AppError("export/site", path, { cause });
  }
}

/** A name every file system takes. */
function folderName(title: string): string {
  const plain = title
    .normalize("NFKD")
    .replace(/[^\w]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .toLowerCase();
  return `${plain.slice(0, 40) || "gallery"}-search`;
}
