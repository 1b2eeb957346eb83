import type { Split } from "../core/domain/dataset";
import type { AlignedModality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import type { RunComparison } from "../core/metrics/compareRuns";
import type { DatasetStore } from "../core/ports";
import type {
  Classification,
  SearchContract,
  SearchResult,
  SpaceStatus,
} from "../rpc/searchContract";
import type { QueryInput } from "../rpc/encodeContract";
import type { Encoding } from "./encoding";
import type { WorkerCalls } from "./workerSlot";

interface QueryingDependencies {
  readonly datasets: DatasetStore;
  readonly searcher: WorkerCalls<SearchContract>;
  readonly encoding: Encoding;
}

/** What is asked: words, a picture, or an item of the gallery. */
export type Query =
  | { readonly kind: "input"; readonly modality: AlignedModality; readonly input: QueryInput }
  | { readonly kind: "item"; readonly modality: AlignedModality; readonly item: number };

export interface QueryOptions {
  readonly target: AlignedModality;
  readonly limit: number;
  readonly splits: readonly Split[];
  readonly signal?: AbortSignal;
}

export interface QueryAnswer extends SearchResult {
  /** Time to embed the query; 0 for an item of the gallery. */
  readonly encodeMs: number;
}

export interface ClassifyOptions {
  readonly labels: readonly string[];
  /** Each contains `{}`, which the label replaces. */
  readonly templates: readonly string[];
  /** Label column that holds the truth, or null. */
  readonly truth: string | null;
  readonly splits: readonly Split[];
  readonly signal?: AbortSignal;
}

/** Commands of the Query screen. */
export class Querying {
  readonly #deps: QueryingDependencies;

  constructor(deps: QueryingDependencies) {
    this.#deps = deps;
  }

  /** Makes the gallery of a run ready, or brings it to the newest checkpoint. */
  open(projectId: string, runId: string, signal?: AbortSignal): Promise<SpaceStatus> {
    return this.#deps.searcher.call("open", { projectId, runId }, signal ? { signal } : {});
  }

  async search(
    project: Project,
    runId: string,
    query: Query,
    { target, limit, splits, signal }: QueryOptions,
  ): Promise<QueryAnswer> {
    const place = { projectId: project.id, runId, target, limit, splits };
    const options = signal ? { signal } : {};
    if (query.kind === "item") {
      const { modality, item } = query;
      const params = { ...place, query: { modality, item } };
      return { ...(await this.#deps.searcher.call("search", params, options)), encodeMs: 0 };
    }
    const { modality, input } = query;
    const { vectors, elapsedMs } = await this.#deps.encoding.encodeQuery(
      project,
      modality,
      [input],
      signal,
    );
    const params = { ...place, query: { modality, vector: vectors } };
    const result = await this.#deps.searcher.call("search", params, {
      ...options,
      transfer: [vectors.buffer],
    });
    return { ...result, encodeMs: elapsedMs };
  }

  /** Two runs' answers to the same test queries, compared in the worker: after minus before. */
  compareRuns(before: string, after: string): Promise<RunComparison> {
    return this.#deps.searcher.call("compareRuns", { before, after });
  }

  async classify(
    project: Project,
    runId: string,
    { labels, templates, truth, splits, signal }: ClassifyOptions,
  ): Promise<Classification> {
    const inputs = labels.flatMap((label) =>
      templates.map((template) => ({ text: template.replaceAll("{}", label) })),
    );
    const { vectors } = await this.#deps.encoding.encodeQuery(project, "text", inputs, signal);
    return this.#deps.searcher.call(
      "classify",
      {
        projectId: project.id,
        runId,
        labels,
        vectors,
        templates: templates.length,
        truth,
        splits,
      },
      { ...(signal ? { signal } : {}), transfer: [vectors.buffer] },
    );
  }

  /** @throws AppError `encoder/vectors-only` when words cannot be encoded. */
  assertEncodesWords(project: Project): Promise<void> {
    return this.#deps.encoding.assertEncodes(project, "text");
  }

  /** Embeddings of words by the project's text encoder, [words, D]. */
  async encodeWords(
    project: Project,
    words: readonly string[],
    signal?: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>> {
    const inputs = words.map((text) => ({ text }));
    return (await this.#deps.encoding.encodeQuery(project, "text", inputs, signal)).vectors;
  }

  /** The distinct values of a label column, in alphabetical order. */
  async labelsOf(project: Project, column: string): Promise<string[]> {
    const items = await this.#deps.datasets.items(project.id, "image");
    const values = new Set(items.flatMap(({ labels }) => labels?.[column] ?? []));
    return [...values].sort((a, b) => a.localeCompare(b));
  }
}
