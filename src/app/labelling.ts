import type { SourceFile } from "../core/domain/dataset";
import type { Project } from "../core/domain/project";
import { AppError } from "../core/errors";
import type { Progress } from "../core/progress";
import type { SearchContract } from "../rpc/searchContract";
import type { Encoding } from "./encoding";
import type { Jobs } from "./jobs";
import type { Querying } from "./querying";
import type { WorkerCalls } from "./workerSlot";

interface LabellingDependencies {
  readonly searcher: WorkerCalls<SearchContract>;
  readonly encoding: Encoding;
  readonly querying: Querying;
  readonly jobs: Jobs;
}

export interface LabelFilesRequest {
  readonly runId: string;
  readonly labels: readonly string[];
  /** Each contains `{}`, which the label replaces. */
  readonly templates: readonly string[];
  readonly files: readonly SourceFile[];
}

/** One picture of a folder, with the probability of every label, or why it has none. */
export type LabelledFile = { readonly path: string } & (
  { readonly probabilities: readonly number[] } | { readonly error: string }
);

/** What became of a folder. */
export interface LabelledFiles {
  readonly runId: string;
  readonly labels: readonly string[];
  readonly templates: readonly string[];
  readonly files: readonly LabelledFile[];
  /** Files that are no pictures, by path. */
  readonly others: readonly string[];
}

const BATCH = 8; // pictures: a batch on the CPU takes about a third of a second
const PICTURE = /\.(png|jpe?g|webp|gif|bmp|avif|ico|svg)$/i;

/** Gives labels to pictures that are not of the project; nothing of them is stored. */
export class Labelling {
  readonly #deps: LabellingDependencies;

  constructor(deps: LabellingDependencies) {
    this.#deps = deps;
  }

  static job = (projectId: string): string => `label/${projectId}`;

  /**
   * Labels the pictures among `files` as a job whose result is a `LabelledFiles`. A picture that
   * cannot be decoded is named with its cause; the rest goes on.
   *
   * Undefined when it failed or was stopped: `encoder/vectors-only`, `data/too-few` without a
   * picture, as `Querying.classify`.
   */
  label(project: Project, request: LabelFilesRequest): Promise<LabelledFiles | undefined> {
    return this.#deps.jobs.start(Labelling.job(project.id), async (signal, report) => {
      const pictures = request.files.filter(isPicture);
      const others = request.files.filter((file) => !isPicture(file)).map(({ path }) => path);
      if (pictures.length === 0) {
        throw new AppError("data/too-few", `no picture among ${request.files.length} files`);
      }
      await this.#deps.encoding.assertEncodes(project, "image");
      const { labels, templates, runId } = request;
      const words = { labels, templates };
      const vectors = await this.#deps.querying.encodePrompts(project, words, { signal });
      const files: LabelledFile[] = [];
      for (let start = 0; start < pictures.length; start += BATCH) {
        report(progressOf(start, pictures.length));
        if (signal.aborted) throw new AppError("cancelled");
        const batch = pictures.slice(start, start + BATCH);
        files.push(...(await this.#labelBatch(project, { batch, request, vectors, signal })));
      }
      report(progressOf(pictures.length, pictures.length));
      return { runId, labels, templates, files, others };
    });
  }

  async #labelBatch(project: Project, options: Batch): Promise<LabelledFile[]> {
    try {
      return await this.#labelTogether(project, options);
    } catch (thrown) {
      if (AppError.from(thrown).code !== "encoder/input") throw thrown;
      return this.#labelSingly(project, options);
    }
  }

  /** One of a batch cannot be decoded: each by itself, to find out which. */
  async #labelSingly(project: Project, options: Batch): Promise<LabelledFile[]> {
    const files: LabelledFile[] = [];
    for (const file of options.batch) {
      try {
        files.push(...(await this.#labelTogether(project, { ...options, batch: [file] })));
      } catch (thrown) {
        const error = AppError.from(thrown);
        if (error.code !== "encoder/input") throw error;
        files.push({ path: file.path, error: error.message });
      }
    }
    return files;
  }

  async #labelTogether(
    project: Project,
    { batch, request, vectors, signal }: Batch,
  ): Promise<LabelledFile[]> {
    const { encoding, searcher } = this.#deps;
    const inputs = batch.map(({ file }) => ({ image: file }));
    const encoded = await encoding.encodeQuery(project, "image", inputs, signal);
    const labels = request.labels.length;
    const { probabilities } = await searcher.call(
      "classifyVectors",
      {
        ...{ projectId: project.id, runId: request.runId },
        ...{ labels, templates: request.templates.length, vectors },
        ...{ images: encoded.vectors, count: batch.length },
      },
      { signal, transfer: [encoded.vectors.buffer] },
    );
    return batch.map(({ path }, i) => ({
      path,
      probabilities: [...probabilities.subarray(i * labels, (i + 1) * labels)],
    }));
  }
}

interface Batch {
  readonly batch: readonly SourceFile[];
  readonly request: LabelFilesRequest;
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly signal: AbortSignal;
}

const isPicture = ({ path, file }: SourceFile) =>
  file.type.startsWith("image/") || PICTURE.test(path);

const progressOf = (done: number, total: number): Progress => ({
  ...{ stage: "encode", done, total, unit: "items" },
});
