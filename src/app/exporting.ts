import type { SearchPageOptions, SearchPageSize } from "../core/domain/searchPage";
import type {
  EmbeddingExport,
  EmbeddingFileChoice,
  ExportedFile,
  TakeAwayListing,
} from "../core/domain/takeAway";
import type { ExportContract } from "../rpc/exportContract";
import type { Jobs, RunJob } from "./jobs";
import type { WorkerCalls } from "./workerSlot";

interface ExportingDependencies {
  readonly exporter: WorkerCalls<ExportContract>;
  readonly jobs: Jobs;
}

/** Commands of the Take away screen. A job each, so that leaving the screen loses no file. */
export class Exporting {
  readonly #deps: ExportingDependencies;

  constructor(deps: ExportingDependencies) {
    this.#deps = deps;
  }

  /** Id of the job that makes `what` (`model`, `embeddings-image`) of a project. */
  static jobId(what: string, projectId: string): string {
    return `export-${what}/${projectId}`;
  }

  /** What can leave of a project and a run. */
  list(projectId: string, runId: string | null): Promise<TakeAwayListing> {
    return this.#deps.exporter.call("list", { projectId, runId });
  }

  /** The model folder as a zip; undefined when the job failed or was stopped: its state says which. */
  exportModel(
    projectId: string,
    runId: string,
    options: { readonly embeddings: EmbeddingExport; readonly isRaw: boolean },
  ): Promise<ExportedFile | undefined> {
    const { exporter } = this.#deps;
    return this.#job("model", projectId, (signal, onProgress) =>
      exporter.call("exportModel", { projectId, runId, ...options }, { signal, onProgress }),
    );
  }

  /** Pairs, splits and embeddings as a zip; undefined as with `exportModel`. */
  exportData(
    projectId: string,
    options: { readonly embeddings: EmbeddingExport; readonly isRaw: boolean },
  ): Promise<ExportedFile | undefined> {
    const { exporter } = this.#deps;
    return this.#job("model", projectId, (signal, onProgress) =>
      exporter.call("exportData", { projectId, ...options }, { signal, onProgress }),
    );
  }

  /** The embeddings of one side; undefined as with `exportModel`. */
  exportEmbeddings(
    projectId: string,
    runId: string | null,
    choice: EmbeddingFileChoice,
  ): Promise<ExportedFile | undefined> {
    const { exporter } = this.#deps;
    return this.#job(`embeddings-${choice.side}`, projectId, (signal, onProgress) =>
      exporter.call("exportEmbeddings", { projectId, runId, choice }, { signal, onProgress }),
    );
  }

  /** The pairs as CSV; undefined as with `exportModel`. */
  exportPairs(projectId: string, isRaw: boolean): Promise<ExportedFile | undefined> {
    const { exporter } = this.#deps;
    return this.#job("pairs", projectId, (signal) =>
      exporter.call("exportPairs", { projectId, isRaw }, { signal }),
    );
  }

  /** What a search page of these options would hold and weigh. */
  sizeSearchPage(
    projectId: string,
    runId: string,
    options: SearchPageOptions,
    signal?: AbortSignal,
  ): Promise<SearchPageSize> {
    const params = { projectId, runId, ...options };
    return this.#deps.exporter.call("sizeSearchPage", params, signal ? { signal } : {});
  }

  /** A folder that finds the pictures by words, zipped; undefined as with `exportModel`. */
  exportSearchPage(
    projectId: string,
    runId: string,
    options: SearchPageOptions,
  ): Promise<ExportedFile | undefined> {
    const { exporter } = this.#deps;
    const params = { projectId, runId, ...options };
    return this.#job("search-page", projectId, (signal, onProgress) =>
      exporter.call("exportSearchPage", params, { signal, onProgress }),
    );
  }

  /** Stops the job that makes `what`. */
  cancel(what: string, projectId: string): void {
    this.#deps.jobs.cancel(Exporting.jobId(what, projectId));
  }

  #job(what: string, projectId: string, run: RunJob<ExportedFile>) {
    return this.#deps.jobs.start(Exporting.jobId(what, projectId), run);
  }
}
