import type { QueryInput } from "../core/domain/encodeRequest";
import type {
  Classification,
  ClassifyRequest,
  LabelComparison,
} from "../core/domain/classification";
import type { AlignedModality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import { buffersOf, type ProjectorPair } from "../core/domain/projector";
import { PLAIN_SCORES, type GalleryFilter, type ScoreSettings } from "../core/domain/query";
import type { SearchResult, SpaceStatus, VectorTerm } from "../core/domain/search";
import { joinFloats } from "../core/math/joinFloats";
import type { ScoreEffects } from "../core/metrics/scoreEffects";
import type { RunComparison } from "../core/metrics/compareRuns";
import type { DatasetStore } from "../core/ports";
import type { Progress } from "../core/progress";
import type { SearchContract } from "../rpc/searchContract";
import type { Encoding } from "./encoding";
import { QueryVectors } from "./queryVectors";
import type { WorkerCalls } from "./workerSlot";

interface QueryingDependencies {
  readonly datasets: DatasetStore;
  readonly searcher: WorkerCalls<SearchContract>;
  readonly encoding: Encoding;
}

/** One part of what is asked: words, a picture, or an item of the gallery, and its weight. */
export type AskedTerm = { readonly modality: AlignedModality; readonly weight: number } & (
  | { readonly kind: "input"; readonly input: QueryInput }
  | { readonly kind: "item"; readonly item: number }
);

export interface QueryOptions {
  readonly target: AlignedModality;
  readonly limit: number;
  readonly filter: GalleryFilter;
  readonly scores?: ScoreSettings;
  readonly signal?: AbortSignal;
  /** What the first query with CSLS on a space prepares. */
  readonly report?: (progress: Progress) => void;
}

export interface QueryAnswer extends SearchResult {
  /** Time to embed the query; 0 for an item of the gallery. */
  readonly encodeMs: number;
}

const WORDS_PER_BATCH = 64; // between two batches a cancellation gets in

/** How a long list of words is encoded. */
export interface EncodeWordsOptions {
  /** Looked at between batches too. */
  readonly signal?: AbortSignal | undefined;
  readonly report?: ((progress: Progress) => void) | undefined;
}

/** The words of a classification; each template contains `{}`, which the label replaces. */
export type ClassifyWords = Omit<ClassifyRequest, "vectors">;

export interface ClassifyOptions extends EncodeWordsOptions, ClassifyWords {}

/** Commands of the Query screen. */
export class Querying {
  readonly #deps: QueryingDependencies;
  readonly #vectors: QueryVectors;
  #prompts: { readonly key: string; readonly vectors: Float32Array<ArrayBuffer> } | undefined;

  constructor(deps: QueryingDependencies) {
    this.#deps = deps;
    this.#vectors = new QueryVectors(deps.encoding);
  }

  /** Makes the gallery of a run ready, or brings it to the newest checkpoint. */
  open(projectId: string, runId: string, signal?: AbortSignal): Promise<SpaceStatus> {
    return this.#deps.searcher.call("open", { projectId, runId }, signal ? { signal } : {});
  }

  /** Brings the gallery of a run to projectors that a training has just made; they are moved. */
  openAt(projectId: string, projectors: ProjectorPair): Promise<SpaceStatus> {
    const params = { projectId, runId: projectors.runId, projectors };
    return this.#deps.searcher.call("open", params, { transfer: buffersOf(projectors) });
  }

  async search(
    project: Project,
    runId: string,
    terms: readonly AskedTerm[],
    { target, limit, filter, scores = PLAIN_SCORES, signal, report }: QueryOptions,
  ): Promise<QueryAnswer> {
    const options = { ...(signal && { signal }), ...(report && { onProgress: report }) };
    let encodeMs = 0; // each counts its waiting for those before it, so the longest is all of it
    const encoded = await Promise.all(
      terms.map(async ({ modality, weight, ...term }): Promise<VectorTerm> => {
        if (term.kind === "item") return { modality, weight, item: term.item };
        const { vector, elapsedMs } = await this.#vectors.of(project, modality, term.input, signal);
        encodeMs = Math.max(encodeMs, elapsedMs);
        return { modality, weight, vector };
      }),
    );
    const params = { projectId: project.id, runId, terms: encoded, target, limit, filter, scores };
    const transfer = encoded.flatMap((term) => ("vector" in term ? term.vector.buffer : []));
    const result = await this.#deps.searcher.call("search", params, { ...options, transfer });
    return { ...result, encodeMs };
  }

  /** What centring and CSLS do to a run's recall on the held-out test. */
  scoreEffects(
    projectId: string,
    runId: string,
    { signal, report }: EncodeWordsOptions = {},
  ): Promise<ScoreEffects> {
    const options = { ...(signal && { signal }), ...(report && { onProgress: report }) };
    return this.#deps.searcher.call("effects", { projectId, runId }, options);
  }

  /** Two runs' answers to the same test queries, compared in the worker: after minus before. */
  compareRuns(before: string, after: string): Promise<RunComparison> {
    return this.#deps.searcher.call("compareRuns", { before, after });
  }

  async classify(
    project: Project,
    runId: string,
    { signal, report, ...words }: ClassifyOptions,
  ): Promise<Classification> {
    const vectors = await this.encodePrompts(project, words, { signal, report });
    const params = { projectId: project.id, runId, ...words, vectors };
    const options = { ...(signal && { signal }), transfer: [vectors.buffer] };
    return this.#deps.searcher.call("classify", params, options);
  }

  /** One label of a classification, by its index, against all others. */
  async compareLabel(
    project: Project,
    runId: string,
    { label, ...words }: ClassifyWords & { readonly label: number },
  ): Promise<LabelComparison> {
    const vectors = await this.encodePrompts(project, words, {});
    const params = { projectId: project.id, runId, ...words, vectors, label };
    return this.#deps.searcher.call("compareLabel", params, { transfer: [vectors.buffer] });
  }

  /**
   * Embeddings of every label in every template, [labels × templates, D], label-major; those of the
   * last labels are remembered, so that looking at one of them costs nothing more.
   */
  async encodePrompts(
    project: Project,
    { labels, templates }: Pick<ClassifyWords, "labels" | "templates">,
    options: EncodeWordsOptions,
  ): Promise<Float32Array<ArrayBuffer>> {
    const prompts = labels.flatMap((label) =>
      // A function, because `$&` in a label would otherwise be a pattern.
      templates.map((template) => template.replaceAll("{}", () => label)),
    );
    const key = JSON.stringify([project.encoders.text, prompts]);
    if (this.#prompts?.key !== key) {
      this.#prompts = { key, vectors: await this.encodeWords(project, prompts, options) };
    }
    return this.#prompts.vectors.slice();
  }

  /** @throws AppError `encoder/vectors-only` when words cannot be encoded. */
  assertEncodesWords(project: Project): Promise<void> {
    return this.#deps.encoding.assertEncodes(project, "text");
  }

  /**
   * Embeddings of words by the project's text encoder, [words, D], a batch at a time: 9 classes by
   * 80 templates would else be one long pass that shows nothing and cannot be cancelled.
   */
  async encodeWords(
    project: Project,
    words: readonly string[],
    { signal, report = () => {} }: EncodeWordsOptions = {},
  ): Promise<Float32Array<ArrayBuffer>> {
    const batches: Float32Array<ArrayBuffer>[] = [];
    for (let done = 0; done < words.length; done += WORDS_PER_BATCH) {
      const inputs = words.slice(done, done + WORDS_PER_BATCH).map((text) => ({ text }));
      report({ stage: "encode", done, total: words.length, unit: "items" });
      const { vectors } = await this.#deps.encoding.encodeQuery(project, "text", inputs, signal);
      batches.push(vectors);
    }
    report({ stage: "encode", done: words.length, total: words.length, unit: "items" });
    return joinFloats(batches);
  }

  /** The distinct values of a label column, in alphabetical order. */
  async labelsOf(project: Project, column: string): Promise<string[]> {
    const items = await this.#deps.datasets.items(project.id, "image");
    const values = new Set(items.flatMap(({ labels }) => labels?.[column] ?? []));
    return [...values].sort((a, b) => a.localeCompare(b));
  }
}
