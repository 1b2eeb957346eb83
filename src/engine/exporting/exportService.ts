import { ALIGNED_MODALITIES, type AlignedModality } from "../../core/domain/modality";
import { fileStem } from "../../core/domain/fileStem";
import type {
  EmbeddingExport,
  EmbeddingFileChoice,
  ExportedFile,
  ListedEmbeddings,
  ListedModel,
  TakeAwayListing,
} from "../../core/domain/takeAway";
import { AppError } from "../../core/errors";
import { csvOf } from "../../core/formats/resultFiles";
import { matrix, type Matrix } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { openProjector } from "../align/project";
import { npyFile, parquetFile, type OutgoingEmbeddings } from "./embeddingFiles";
import {
  encodedItems,
  openExportSource,
  type ExportSource,
  type ExportStores,
} from "./exportSource";
import type { ModelSource } from "./modelConfig";
import { dataFiles, manifestFile, modelFiles, type ModelFileOptions } from "./modelFiles";
import type { OutgoingFile } from "./outgoingFile";
import { collectFile, packFiles } from "./packFiles";
import { pairRows } from "./pairTables";
import { measureParity, PARITY_ROWS, type ParitySide } from "./parity";

/** What the export of models, embeddings and tables works with. */
export interface ExportDependencies extends ExportStores {
  /** Readies the tensor backend; called once, before the first projection. */
  readonly openBackend: () => Promise<unknown>;
  readonly versions: Readonly<Record<string, string>>;
}

/** How a call that may take long is stopped and watched. */
export interface ExportContext {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Which project, and which of its runs; null: what leaves without one. */
export interface ExportPlace {
  readonly projectId: string;
  readonly runId: string | null;
}

const PREVIEW_PAIRS = 2;
const PREVIEW_NUMBERS = 6;

/** Writes what leaves the browser for use elsewhere: models, embeddings, tables. */
export class ExportService {
  readonly #deps: ExportDependencies;
  #backend: Promise<unknown> | undefined;

  constructor(deps: ExportDependencies) {
    this.#deps = deps;
  }

  /**
   * What can leave, with sizes, first lines and the parity of the projectors as files.
   *
   * @throws AppError `storage/missing`.
   */
  async list(place: ExportPlace): Promise<TakeAwayListing> {
    const source = await openExportSource(this.#deps, place);
    const model = isModel(source) ? await this.#listModel(source) : null;
    const rows = pairRows(source);
    return {
      model,
      why: model ? null : whyNoModel(source),
      embeddings: {
        image: await this.#listEmbeddings(source, "image"),
        text: await this.#listEmbeddings(source, "text"),
      },
      pairs: {
        rows: rows.length - 1,
        preview: csvOf(rows.slice(0, PREVIEW_PAIRS + 1)).text,
      },
    };
  }

  /**
   * The model folder as `<project>-aligned.zip`.
   *
   * @throws AppError `export/no-model` when the run has no projectors; `cancelled`.
   */
  async exportModel(
    request: ExportPlace & { readonly embeddings: EmbeddingExport; readonly isRaw: boolean },
    context: ExportContext,
  ): Promise<ExportedFile> {
    const source = await openExportSource(this.#deps, request);
    if (!isModel(source)) throw new AppError("export/no-model", whyNoModel(source));
    const { project, run } = source;
    const { embeddings, isRaw } = request;
    const parity = await this.#parity(source);
    const files = this.#modelFiles(source, { embeddings, isRaw, parity });
    const facts = { name: project.name, created: new Date(run.updatedAt).toISOString() };
    const blob = await packFiles(files, {
      ...context,
      modified: new Date(run.updatedAt),
      manifest: (entries, nonFinite) => manifestFile(entries, nonFinite, facts),
    });
    return { name: modelName(source), blob };
  }

  /**
   * Pairs, splits and embeddings as `<project>-data.zip`: what there is before anything is aligned.
   *
   * @throws AppError `storage/missing`, `cancelled`.
   */
  async exportData(
    request: {
      readonly projectId: string;
      readonly embeddings: EmbeddingExport;
      readonly isRaw: boolean;
    },
    context: ExportContext,
  ): Promise<ExportedFile> {
    const source = await openExportSource(this.#deps, { ...request, runId: null });
    const { project } = source;
    const vectorsOf = async (side: AlignedModality) =>
      this.#outgoing(source, side, (await this.#firstRow(source, side))?.cols ?? 0);
    const vectors = { image: await vectorsOf("image"), text: await vectorsOf("text") };
    const facts = { name: project.name, created: new Date(project.updatedAt).toISOString() };
    const blob = await packFiles(dataFiles(source, { ...request, vectors }), {
      ...context,
      modified: new Date(project.updatedAt),
      manifest: (entries, nonFinite) => manifestFile(entries, nonFinite, facts),
    });
    return { name: `${fileStem(project.name)}-data.zip`, blob };
  }

  /**
   * The embeddings of one side, as the encoder gave them or through the run's projector.
   *
   * @throws AppError `export/no-embeddings`, `export/no-model`, `cancelled`.
   */
  async exportEmbeddings(
    { choice, ...place }: ExportPlace & { readonly choice: EmbeddingFileChoice },
    context: ExportContext,
  ): Promise<ExportedFile> {
    const { side, space, format } = choice;
    const source = await openExportSource(this.#deps, place);
    const width = (await this.#firstRow(source, side))?.cols;
    if (width === undefined) throw new AppError("export/no-embeddings", side);
    const plain = this.#outgoing(source, side, width);
    const suffix = space === "shared" ? `${side}-shared` : side;
    const path = `${fileStem(source.project.name)}-${suffix}.${format === "parquet" ? "parquet" : "npy"}`;
    const write = (embeddings: OutgoingEmbeddings) =>
      collectFile(
        format === "parquet"
          ? parquetFile(path, embeddings)
          : npyFile(path, embeddings, format === "npy" ? "f4" : "f2"),
        context,
      );
    if (space === "encoder") return { name: path, blob: await write(plain) };
    if (!isModel(source)) throw new AppError("export/no-model", whyNoModel(source));
    await this.#ready();
    const open = openProjector(source.projectors[side]);
    try {
      const project = (rows: Matrix) => open.project(rows);
      const { dimension } = source.projectors[side];
      return { name: path, blob: await write({ ...plain, project, width: dimension }) };
    } finally {
      open.dispose();
    }
  }

  /** The pairs in use as CSV. @throws AppError `storage/missing`. */
  async exportPairs(request: {
    readonly projectId: string;
    readonly isRaw: boolean;
  }): Promise<ExportedFile> {
    const source = await openExportSource(this.#deps, { ...request, runId: null });
    const { text } = csvOf(pairRows(source), request);
    const name = `${fileStem(source.project.name)}-pairs.csv`;
    return { name, blob: new Blob([text], { type: "text/csv" }) };
  }

  async #listModel(source: ModelSource): Promise<ListedModel> {
    const parity = await this.#parity(source);
    const { image, text } = { image: parity.image.figure, text: parity.text.figure };
    const files = this.#modelFiles(source, { embeddings: "none", isRaw: false, parity });
    return {
      name: modelName(source),
      files: files.map(({ path, sizeBytes }) => ({ path, sizeBytes })),
      parity: {
        largest: Math.max(image.largest, text.largest),
        vectors: image.vectors + text.vectors,
      },
      step: source.projectors.step,
    };
  }

  async #listEmbeddings(
    source: ExportSource,
    side: AlignedModality,
  ): Promise<ListedEmbeddings | null> {
    const first = await this.#firstRow(source, side);
    if (!first) return null;
    const rows = source.encoded[side].length;
    const numbers = Array.from(first.data.subarray(0, PREVIEW_NUMBERS), (v) => v.toFixed(4));
    return {
      rows,
      width: first.cols,
      sharedWidth: source.projectors?.[side].dimension ?? null,
      preview: `float32 [${rows}, ${first.cols}]\n[[${numbers.join(", ")}, …`,
    };
  }

  #modelFiles(
    source: ModelSource,
    options: Pick<ModelFileOptions, "embeddings" | "isRaw" | "parity">,
  ): OutgoingFile[] {
    const { projectors } = source;
    return modelFiles(source, {
      ...options,
      versions: this.#deps.versions,
      vectors: {
        image: this.#outgoing(source, "image", projectors.image.inputWidth),
        text: this.#outgoing(source, "text", projectors.text.inputWidth),
      },
    });
  }

  /** Evenly spaced embeddings of each side, projected here and from the files. */
  async #parity(source: ModelSource): Promise<Record<AlignedModality, ParitySide>> {
    await this.#ready();
    const measure = async (side: AlignedModality) => {
      const items = encodedItems(source, side);
      const count = Math.min(PARITY_ROWS, items.length);
      const digests = Array.from({ length: count }, (_, i) => {
        return items[Math.floor((i * items.length) / count)]!.digest;
      });
      const projector = source.projectors[side];
      const rows = await this.#deps.embeddings.load(source.keys[side], digests);
      return measureParity(projector, count > 0 ? rows : matrix(0, projector.inputWidth));
    };
    return { image: await measure("image"), text: await measure("text") };
  }

  #outgoing(source: ExportSource, side: AlignedModality, width: number): OutgoingEmbeddings {
    const items = encodedItems(source, side);
    const digests = items.map(({ digest }) => digest);
    return { items, width, load: () => this.#deps.embeddings.load(source.keys[side], digests) };
  }

  async #firstRow(source: ExportSource, side: AlignedModality): Promise<Matrix | undefined> {
    const [first] = encodedItems(source, side);
    return first && this.#deps.embeddings.load(source.keys[side], [first.digest]);
  }

  #ready(): Promise<unknown> {
    return (this.#backend ??= this.#deps.openBackend());
  }
}

const modelName = ({ project }: ExportSource) => `${fileStem(project.name)}-aligned.zip`;

const isModel = (source: ExportSource): source is ModelSource =>
  source.run !== null &&
  source.projectors !== null &&
  ALIGNED_MODALITIES.every((side) => source.encoded[side].length > 0);

function whyNoModel({ run, projectors }: ExportSource): string {
  if (!run) return "nothing has been aligned yet";
  if (!projectors) return `“${run.name}” has no projectors yet`;
  return `the embeddings “${run.name}” was trained on are no longer stored`;
}
