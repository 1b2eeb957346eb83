import { methodById } from "../core/catalogue/methods";
import type { EncoderSpec } from "../core/domain/encoder";
import { ALIGNED_MODALITIES } from "../core/domain/modality";
import type { ImportSource, SourceFile } from "../core/domain/dataset";
import { DEFAULT_IMPORT } from "../core/domain/importFormat";
import type { Recipe } from "../core/domain/recipe";
import { recipeMapping } from "../core/domain/recipeMapping";
import type { RecipeResults } from "../core/domain/recipeResults";
import type { Project } from "../core/domain/project";
import type { Run } from "../core/domain/run";
import { AppError } from "../core/errors";
import type { JobState } from "../core/job";
import type { DatasetStore, ProjectStore } from "../core/ports";
import type { EncodeSummary } from "../rpc/encodeContract";
import { Aligning } from "./aligning";
import { Downloads } from "./downloads";
import type { Encoders } from "./encoders";
import { Encoding } from "./encoding";
import type { Jobs } from "./jobs";
import { Projects } from "./projects";
import type { Query, Querying } from "./querying";
import type { Sweeps } from "./sweeps";

interface RecipeRunnerDependencies {
  readonly encoders: Encoders;
  readonly downloads: Downloads;
  readonly jobs: Jobs;
  readonly stores: { readonly projects: ProjectStore; readonly datasets: DatasetStore };
  readonly projects: Projects;
  readonly encoding: Encoding;
  readonly aligning: Aligning;
  readonly sweeps: Sweeps;
  readonly querying: Querying;
}

/** Steps of a recipe in order; the page and the command line show the job of each. */
export type RecipeStep = "import" | "encode" | "align" | "query";

export interface RecipeEvents {
  /** A step began; `jobIds` are the jobs to watch for its progress. */
  onStep(step: RecipeStep, projectId: string, jobIds: readonly string[]): void;
  onRun(runId: string): void;
}

/** Runs a recipe through the same commands the screens use. */
export class RecipeRunner {
  readonly #deps: RecipeRunnerDependencies;

  constructor(deps: RecipeRunnerDependencies) {
    this.#deps = deps;
  }

  /**
   * What cannot run, before anything is read or downloaded.
   *
   * @throws AppError `align/unsupported` or `encoder/missing`.
   */
  check(recipe: Recipe): void {
    const { method } = recipe.align;
    if (!methodById(method)) throw new AppError("align/unsupported", `method “${method}”`);
    for (const modality of ALIGNED_MODALITIES) {
      const { id, pooling, layer } = recipe.encoders[modality];
      if (isImported(id)) continue; // arrives with the data
      const spec = this.#deps.encoders.byId(id);
      if (spec.modality !== modality)
        throw new AppError("encoder/missing", `${id} is not for ${modality}s`);
      const wrong = (key: string, offered: readonly string[]) =>
        new AppError(
          "recipe/invalid",
          `encoders.${modality}.${key}: ${id} offers ${offered.join(", ") || "none"}`,
        );
      if (!spec.outputs[pooling]) throw wrong("pooling", Object.keys(spec.outputs));
      const layers = spec.layers.map((each) => each.id);
      if (layer !== null && !layers.includes(layer)) throw wrong("layer", layers);
    }
  }

  /** Encoders the recipe names whose files are not here: what to ask the visitor about first. */
  missing(recipe: Recipe): readonly EncoderSpec[] {
    const { encoders } = this.#deps;
    return ALIGNED_MODALITIES.map((modality) => recipe.encoders[modality].id)
      .filter((id) => !isImported(id))
      .map((id) => encoders.byId(id))
      .filter((spec) => encoders.needsDownload(spec));
  }

  /**
   * @param files the recipe's data when it names a path.
   * @param events `mayDownload` says that the visitor agreed to fetch the encoders `missing` names.
   * @throws AppError of the step that failed; what was done before it stays in the project.
   *   `encoder/not-downloaded` before anything is done when an encoder is missing without consent.
   */
  async run(
    recipe: Recipe,
    files: readonly SourceFile[],
    events: RecipeEvents & { readonly mayDownload?: boolean },
  ): Promise<RecipeResults> {
    this.check(recipe);
    const missing = this.missing(recipe);
    if (missing.length > 0 && !events.mayDownload) {
      throw new AppError("encoder/not-downloaded", missing.map(({ name }) => name).join(", "));
    }
    const project = await this.#importData(recipe, files, events);
    const importMs = project.data?.report.elapsedMs ?? 0;
    await this.#download(missing, project, events);
    const encoded = await this.#encode(project, events);
    // Embeddings in the data take the place of the recipe's encoders.
    const used = project.data?.vectors ? { ...recipe, encoders: project.encoders } : recipe;
    const created = await this.#deps.aligning.create(project, used);
    events.onRun(created.id);
    events.onStep("align", project.id, [Aligning.job(created.id)]);
    const run = await this.#deps.aligning.train(created.id);
    if (!run) throw this.#failureOf(Aligning.job(created.id));
    events.onStep("query", project.id, []);
    const queryMs = await this.#timeQueries(project, run);
    return results({ recipe: used, project, run, encoded, importMs, queryMs });
  }

  async #importData(
    recipe: Recipe,
    files: readonly SourceFile[],
    events: RecipeEvents,
  ): Promise<Project> {
    const { data } = recipe;
    const { projects, stores } = this.#deps;
    if ("project" in data) return stores.projects.get(data.project);
    const source: ImportSource =
      "sample" in data ? { kind: "sample", sampleId: data.sample } : { kind: "files", files };
    const { id } = await projects.create(recipe.name);
    await projects.update(id, {
      encoders: recipe.encoders,
    });
    events.onStep("import", id, [Projects.inspectJob(id), Projects.importJob(id)]);
    const settings = {
      ...DEFAULT_IMPORT,
      format: ("path" in data && data.format) || "auto",
    } as const;
    const inspection = await projects.inspect(id, source, settings);
    if (!inspection) throw this.#failureOf(Projects.inspectJob(id));
    const roles = ("path" in data && data.columns) || {};
    const mapping = recipeMapping(inspection.columns, roles);
    const report = await projects.importPairs(id, {
      source,
      settings,
      mapping,
      split: recipe.split,
    });
    if (!report) throw this.#failureOf(Projects.importJob(id));
    return stores.projects.get(id);
  }

  async #download(
    missing: readonly EncoderSpec[],
    project: Project,
    events: RecipeEvents,
  ): Promise<void> {
    if (missing.length === 0) return;
    const jobs = missing.map(({ id }) => Downloads.job(id));
    events.onStep("encode", project.id, jobs);
    const pinned = await Promise.all(missing.map(({ id }) => this.#deps.downloads.start(id)));
    const failed = pinned.indexOf(undefined);
    if (failed >= 0) throw this.#failureOf(jobs[failed] ?? "");
  }

  async #encode(project: Project, events: RecipeEvents) {
    const { encoding } = this.#deps;
    const jobs = [Encoding.job(project.id, "image"), Encoding.job(project.id, "text")] as const;
    events.onStep("encode", project.id, jobs);
    const started = performance.now();
    const [image, text] = await Promise.all([
      encoding.encode(project.id, "image"),
      encoding.encode(project.id, "text"),
    ]);
    if (!image) throw this.#failureOf(jobs[0]);
    if (!text) throw this.#failureOf(jobs[1]);
    return { image, text, elapsedMs: performance.now() - started };
  }

  /** Median time from an encoded query to its ranked results, over a few held-out captions. */
  async #timeQueries(project: Project, run: Run): Promise<number> {
    const captions = await this.#deps.stores.datasets.itemRange(project.id, "text", 0, 9);
    const times: number[] = [];
    const isImportedText = project.data?.vectors?.text === project.encoders.text.id;
    for (const [item, { text = "" }] of captions.entries()) {
      const query: Query = isImportedText
        ? { kind: "item", modality: "text", item }
        : { kind: "input", modality: "text", input: { text } };
      const answer = await this.#deps.querying.search(project, run.id, query, {
        target: "image",
        limit: 20,
        splits: ["train", "validation", "test"],
      });
      times.push(answer.elapsedMs);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  }

  #failureOf(jobId: string): AppError {
    const job: JobState = this.#deps.jobs.get(jobId);
    return job.status === "failed" ? job.error : new AppError("cancelled");
  }
}

/** Ids of encoders that stand for embeddings; they name the numbers, so they are the same everywhere. */
const isImported = (id: string) => id.startsWith("vectors-");

interface Outcome {
  recipe: Recipe;
  project: Project;
  run: Run;
  encoded: { image: EncodeSummary; text: EncodeSummary; elapsedMs: number };
  importMs: number;
  queryMs: number;
}

function results({ recipe, project, run, encoded, importMs, queryMs }: Outcome): RecipeResults {
  const { data } = project;
  if (!data || !run.test) throw new AppError("internal", "a finished run without results");
  const failed = [...encoded.image.failed, ...encoded.text.failed];
  const { zeroShot } = run;
  return {
    recipe,
    data: {
      digest: data.digest,
      items: data.report.items,
      pairs: data.report.pairs,
      groups: data.report.groups,
      skipped: [
        ...data.report.issues.filter(({ kind }) => kind === "skipped"),
        ...failed.map(({ source, reason }) => ({ where: source, reason })),
      ].map(({ where, reason }) => ({ where, reason })),
    },
    splits: run.splits,
    test: { ...run.test, zeroShot: zeroShot && shortZeroShot(zeroShot) },
    baselines: Object.fromEntries(run.baselines.map(({ id, test }) => [id, test])),
    timings: {
      importMs: Math.round(importMs),
      encodeMs: Math.round(encoded.elapsedMs),
      alignMs: Math.round(run.timings.alignMs),
      stepMs: run.timings.stepMs,
      steps: run.training?.steps ?? 0,
      queryMs,
    },
    device: {
      encode: encoded.image.device,
      align: run.device ?? "cpu",
      adapter: encoded.image.adapter,
      threads: encoded.image.threads,
    },
    versions: run.versions,
  };
}

function shortZeroShot({ classes, top1, top5, macro, ceiling }: NonNullable<Run["zeroShot"]>) {
  return { classes, top1, top5, macro, ceiling };
}
