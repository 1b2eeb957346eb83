import type { ImportSource, SourceFile } from "../core/domain/dataset";
import { isSameChoice, type EmbeddingChoice, type EncoderSpec } from "../core/domain/encoder";
import { DEFAULT_IMPORT } from "../core/domain/importFormat";
import type { Project } from "../core/domain/project";
import type { Recipe } from "../core/domain/recipe";
import { recipeMapping } from "../core/domain/recipeMapping";
import { AppError } from "../core/errors";
import type { JobState } from "../core/job";
import type { ProjectStore } from "../core/ports";
import { Downloads } from "./downloads";
import { Encoding } from "./encoding";
import type { Jobs } from "./jobs";
import { Projects } from "./projects";
import type { Encoded } from "./recipeOutcome";

/** Steps of a recipe in order; the page and the command line show the job of each. */
export type RecipeStep = "import" | "encode" | "align" | "query";

export interface RecipeEvents {
  /** A step began; `jobIds` are the jobs to watch for its progress. */
  onStep(step: RecipeStep, projectId: string, jobIds: readonly string[]): void;
  onRun(runId: string): void;
}

interface PreparationDependencies {
  readonly downloads: Downloads;
  readonly jobs: Jobs;
  readonly stores: { readonly projects: ProjectStore };
  readonly projects: Projects;
  readonly encoding: Encoding;
}

type Encoders = Recipe["encoders"];

/** What a recipe does before it aligns: its data in a project, its encoders here, both encoded. */
export class RecipePreparation {
  readonly #deps: PreparationDependencies;

  constructor(deps: PreparationDependencies) {
    this.#deps = deps;
  }

  /**
   * A new project with the recipe's data, or the project it names.
   *
   * @throws AppError of the import.
   */
  async importData(
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
    await projects.update(id, { encoders: recipe.encoders });
    events.onStep("import", id, [Projects.inspectJob(id), Projects.importJob(id)]);
    const settings = {
      ...DEFAULT_IMPORT,
      format: ("path" in data && data.format) || "auto",
    } as const;
    const inspection = await projects.inspect(id, source, settings);
    if (!inspection) throw this.failureOf(Projects.inspectJob(id));
    const roles = ("path" in data && data.columns) || {};
    const mapping = recipeMapping(inspection.columns, roles);
    const { split } = recipe;
    const report = await projects.importPairs(id, { source, settings, mapping, split });
    if (!report) throw this.failureOf(Projects.importJob(id));
    return stores.projects.get(id);
  }

  async download(
    missing: readonly EncoderSpec[],
    project: Project,
    events: RecipeEvents,
  ): Promise<void> {
    if (missing.length === 0) return;
    const jobs = missing.map(({ id }) => Downloads.job(id));
    events.onStep("encode", project.id, jobs);
    const pinned = await Promise.all(missing.map(({ id }) => this.#deps.downloads.start(id)));
    const failed = pinned.indexOf(undefined);
    if (failed >= 0) throw this.failureOf(jobs[failed] ?? "");
  }

  /**
   * Encodes with every embedding that one of the recipes names, each once; the project is left
   * with the encoders of the first.
   *
   * @returns what each pair of encoders gave.
   */
  async encodeAll(
    project: Project,
    recipes: readonly Recipe[],
    events: RecipeEvents,
  ): Promise<(encoders: Encoders) => Encoded> {
    const { projects } = this.#deps;
    const images = distinctChoices(recipes.map(({ encoders }) => encoders.image));
    const texts = distinctChoices(recipes.map(({ encoders }) => encoders.text));
    const done: { encoders: Encoders; encoded: Encoded }[] = [];
    // Both sides at a time; the shorter list repeats its last, which is there already.
    for (let i = 0; i < Math.max(images.length, texts.length); i++) {
      const image = images[Math.min(i, images.length - 1)];
      const text = texts[Math.min(i, texts.length - 1)];
      if (!image || !text) throw new AppError("internal", "a sweep without encoders");
      const encoders = { image, text };
      const changed = await projects.update(project.id, { encoders });
      done.push({ encoders, encoded: await this.#encode(changed, events) });
    }
    const first = recipes[0]?.encoders;
    if (first) await projects.update(project.id, { encoders: first });
    return (encoders) => {
      const image = done.find((each) => isSameChoice(each.encoders.image, encoders.image));
      const text = done.find((each) => isSameChoice(each.encoders.text, encoders.text));
      if (!image || !text) throw new AppError("internal", "an encoder of the sweep was left out");
      const elapsedMs =
        image === text
          ? image.encoded.elapsedMs
          : image.encoded.image.elapsedMs + text.encoded.text.elapsedMs;
      return { image: image.encoded.image, text: text.encoded.text, elapsedMs };
    };
  }

  /** Encodes both sides with the project's encoders. */
  async #encode(project: Project, events: RecipeEvents): Promise<Encoded> {
    const { encoding } = this.#deps;
    const jobs = [Encoding.job(project.id, "image"), Encoding.job(project.id, "text")] as const;
    events.onStep("encode", project.id, jobs);
    const started = performance.now();
    const [image, text] = await Promise.all([
      encoding.encode(project.id, "image"),
      encoding.encode(project.id, "text"),
    ]);
    if (!image) throw this.failureOf(jobs[0]);
    if (!text) throw this.failureOf(jobs[1]);
    return { image, text, elapsedMs: performance.now() - started };
  }

  /** Why a job gave nothing. */
  failureOf(jobId: string): AppError {
    const job: JobState = this.#deps.jobs.get(jobId);
    return job.status === "failed" ? job.error : new AppError("cancelled");
  }
}

function distinctChoices(choices: readonly EmbeddingChoice[]): EmbeddingChoice[] {
  return choices.filter((choice, i) => choices.findIndex((c) => isSameChoice(c, choice)) === i);
}
