import { methodById } from "../core/catalogue/methods";
import { SPLITS, type SourceFile } from "../core/domain/dataset";
import type { EncoderSpec } from "../core/domain/encoder";
import { ALIGNED_MODALITIES } from "../core/domain/modality";
import { alignedEncoders, type Project } from "../core/domain/project";
import type { Recipe } from "../core/domain/recipe";
import type { RecipeResults, SweepResults } from "../core/domain/recipeResults";
import type { Run } from "../core/domain/run";
import type { Sweep } from "../core/domain/sweep";
import { AppError } from "../core/errors";
import type { DatasetStore, ProjectStore } from "../core/ports";
import { Aligning } from "./aligning";
import type { Downloads } from "./downloads";
import type { Encoders } from "./encoders";
import type { Encoding } from "./encoding";
import type { Jobs } from "./jobs";
import type { Projects } from "./projects";
import type { Querying } from "./querying";
import { hasResults, recipeResults, sweepResults } from "./recipeOutcome";
import { RecipePreparation, type RecipeEvents } from "./recipePreparation";
import { Sweeps } from "./sweeps";

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

/** What a recipe may do, and who is told of it. */
export interface RunOptions extends RecipeEvents {
  /** The visitor agreed to fetch the encoders that `missing` names. */
  readonly mayDownload?: boolean;
}

/** Runs a recipe through the same commands the screens use. */
export class RecipeRunner {
  readonly #deps: RecipeRunnerDependencies;
  readonly #preparation: RecipePreparation;

  constructor(deps: RecipeRunnerDependencies) {
    this.#deps = deps;
    this.#preparation = new RecipePreparation(deps);
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

  /** Encoders the recipes name whose files are not here: what to ask the visitor about first. */
  missing(recipes: readonly Recipe[]): readonly EncoderSpec[] {
    const { encoders } = this.#deps;
    const named = recipes.flatMap((r) => ALIGNED_MODALITIES.map((side) => r.encoders[side].id));
    return [...new Set(named)]
      .filter((id) => !isImported(id))
      .map((id) => encoders.byId(id))
      .filter((spec) => encoders.needsDownload(spec));
  }

  /**
   * @param files the recipe's data when it names a path.
   * @throws AppError of the step that failed; what was done before it stays in the project.
   *   `encoder/not-downloaded` before anything is done when an encoder is missing without consent.
   */
  async run(
    recipe: Recipe,
    files: readonly SourceFile[],
    options: RunOptions,
  ): Promise<RecipeResults> {
    const imported = await this.#prepare([recipe], files, options);
    // Embeddings in the data take the place of the recipe's encoders.
    const used = imported.data?.vectors
      ? { ...recipe, encoders: alignedEncoders(imported) }
      : recipe;
    const encodedOf = await this.#preparation.encodeAll(imported, [used], options);
    const project = { ...imported, encoders: { ...imported.encoders, ...used.encoders } };
    const created = await this.#deps.aligning.create(project, used);
    options.onRun(created.id);
    options.onStep("align", project.id, [Aligning.job(created.id)]);
    const run = await this.#deps.aligning.train(created.id);
    if (!run) throw this.#preparation.failureOf(Aligning.job(created.id));
    options.onStep("query", project.id, []);
    const queryMs = await this.#timeQueries(project, run);
    const encoded = encodedOf(used.encoders);
    return recipeResults({ recipe: used, project, run, encoded, queryMs });
  }

  /**
   * Runs every recipe of a sweep on one import of its data, one after the other. Runs that fail
   * are told of in the results, beside those that gave some.
   *
   * @throws AppError as `run`, of everything before the runs; `cancelled` when it was paused.
   */
  async runSweep(
    sweep: Sweep,
    files: readonly SourceFile[],
    options: RunOptions,
  ): Promise<SweepResults> {
    const project = await this.#prepare(sweep.recipes, files, options);
    const used = project.data?.vectors ? withImported(sweep, project) : sweep;
    const encodedOf = await this.#preparation.encodeAll(project, used.recipes, options);
    const id = await this.#deps.sweeps.create(project, used);
    options.onStep("align", project.id, [Sweeps.job(id)]);
    const runs = await this.#deps.sweeps.start(project.id, id);
    if (!runs) throw this.#preparation.failureOf(Sweeps.job(id));
    options.onStep("query", project.id, []);
    const [first] = runs.filter(hasResults);
    const encoders = first?.recipe.encoders ?? project.encoders;
    const queryMs = first && (await this.#timeQueries({ ...project, encoders }, first));
    return sweepResults({
      ...{ sweep: used, project, runs },
      ...(queryMs !== undefined && { queryMs }),
      encodedOf: (recipe) => encodedOf(recipe.encoders),
    });
  }

  async #prepare(
    recipes: readonly Recipe[],
    files: readonly SourceFile[],
    options: RunOptions,
  ): Promise<Project> {
    for (const recipe of recipes) this.check(recipe);
    const missing = this.missing(recipes);
    if (missing.length > 0 && !options.mayDownload) {
      throw new AppError("encoder/not-downloaded", missing.map(({ name }) => name).join(", "));
    }
    const [recipe] = recipes;
    if (!recipe) throw new AppError("internal", "a sweep without runs");
    const project = await this.#preparation.importData(recipe, files, options);
    await this.#preparation.download(missing, project, options);
    return project;
  }

  /** Median time from an encoded query to its ranked results, over a few held-out captions. */
  async #timeQueries(project: Project, run: Run): Promise<number> {
    const captions = await this.#deps.stores.datasets.itemRange(project.id, "text", 0, 9);
    const times: number[] = [];
    const isImportedText = project.data?.vectors?.text === project.encoders.text.id;
    for (const [item, { text = "" }] of captions.entries()) {
      const asked = isImportedText
        ? ({ kind: "item", item } as const)
        : ({ kind: "input", input: { text } } as const);
      const terms = [{ modality: "text", weight: 1, ...asked }] as const;
      const answer = await this.#deps.querying.search(project, run.id, terms, {
        target: "image",
        limit: 20,
        filter: { splits: SPLITS },
      });
      times.push(answer.elapsedMs);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  }
}

/** Ids of encoders that stand for embeddings; they name the numbers, so they are the same everywhere. */
const isImported = (id: string) => id.startsWith("vectors-");

/** Embeddings in the data take the place of the recipes' encoders, so those cannot vary. */
function withImported(sweep: Sweep, { encoders }: Project): Sweep {
  const varied = sweep.axes.find(({ key }) => key.startsWith("encoders."));
  if (varied) {
    const detail = `${varied.key}: the data bring embeddings of their own, so encoders cannot vary`;
    throw new AppError("recipe/invalid", detail);
  }
  return { ...sweep, recipes: sweep.recipes.map((recipe) => ({ ...recipe, encoders })) };
}
