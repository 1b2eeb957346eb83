import type {
  EmbeddingExport,
  EmbeddingFileChoice,
  ExportedFile,
  TakeAwayListing,
} from "../../core/domain/takeAway";
import { AppError } from "../../core/errors";
import type {
  DatasetStore,
  EmbeddingStore,
  EncoderStore,
  ProjectStore,
  RunStore,
} from "../../core/ports";
import type { Progress } from "../../core/progress";

/** What the export of models, embeddings and tables reads from. */
export interface ExportDependencies {
  readonly projects: Pick<ProjectStore, "get">;
  readonly datasets: DatasetStore;
  readonly embeddings: EmbeddingStore;
  readonly encoders: EncoderStore;
  readonly runs: RunStore;
  /** Readies the tensor backend; called once, before the first projection. */
  readonly openBackend: () => Promise<unknown>;
  readonly versions: Readonly<Record<string, string>>;
}

/** How a call that may take long is stopped and watched. */
export interface ExportContext {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Writes what leaves the browser for use elsewhere: models, embeddings, tables. */
export class ExportService {
  readonly #deps: ExportDependencies;

  constructor(deps: ExportDependencies) {
    this.#deps = deps;
  }

  async list(_request: { projectId: string; runId: string | null }): Promise<TakeAwayListing> {
    throw new AppError("internal", `not there yet ${Object.keys(this.#deps.versions).length}`);
  }

  async exportModel(
    _request: { projectId: string; runId: string; embeddings: EmbeddingExport; isRaw: boolean },
    _context: ExportContext,
  ): Promise<ExportedFile> {
    throw new AppError("internal", "not there yet");
  }

  async exportEmbeddings(
    _request: { projectId: string; runId: string | null; choice: EmbeddingFileChoice },
    _context: ExportContext,
  ): Promise<ExportedFile> {
    throw new AppError("internal", "not there yet");
  }

  async exportPairs(_request: { projectId: string; isRaw: boolean }): Promise<ExportedFile> {
    throw new AppError("internal", "not there yet");
  }
}
