import { useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { RecipeStep } from "../../../app/recipeRunner";
import type { RecipeResults } from "../../../core/domain/recipeResults";
import { useServices } from "../../../app/services";
import { sampleById } from "../../../core/catalogue/samples";
import type { SourceFile } from "../../../core/domain/dataset";
import type { Recipe } from "../../../core/domain/recipe";
import { AppError } from "../../../core/errors";
import { decodeRecipeLink } from "../../../core/formats/recipeLink";
import { CommandLineReporter } from "./commandLine";
import { recipeProgress } from "./recipeProgress";

/** How far a recipe has come since its button was pressed. */
export interface RecipeRun {
  readonly status: "running" | "done" | "stopped" | "failed";
  readonly step: RecipeStep | null;
  readonly projectId: string | null;
  /** Jobs of every step that has begun. */
  readonly jobs: Partial<Record<RecipeStep, readonly string[]>>;
  readonly results: RecipeResults | null;
  readonly error: AppError | null;
}

const STARTED: RecipeRun = {
  status: "running",
  step: null,
  projectId: null,
  jobs: {},
  results: null,
  error: null,
};

/** The recipe in the address, whether it can run, and the command to run it. */
export function useRecipe() {
  const [location] = useLocation();
  const { recipes, jobs } = useServices();
  const opened = useMemo(
    () => open(location, (recipe) => recipes.check(recipe)),
    [location, recipes],
  );
  const [files, setFiles] = useState<readonly SourceFile[]>([]);
  const [run, setRun] = useState<RecipeRun | null>(null);
  const reporter = useRef(new CommandLineReporter());

  /** @param mayDownload the visitor has agreed to fetch what `recipes.missing` names. */
  const start = async (recipe: Recipe, mayDownload = false) => {
    const change = (part: Partial<RecipeRun>) =>
      setRun((before) => ({ ...(before ?? STARTED), ...part }));
    let now: { step: RecipeStep; ids: readonly string[] } | undefined;
    const report = (always: boolean) => {
      if (!now) return;
      const states = now.ids.map((id) => jobs.get(id));
      reporter.current.progress(recipeProgress(now.step, states), always);
    };
    setRun(STARTED);
    const unsubscribe = jobs.subscribe(() => report(false));
    try {
      const results = await recipes.run(recipe, files, {
        onStep(step, projectId, ids) {
          now = { step, ids };
          setRun((before) => ({
            ...(before ?? STARTED),
            step,
            projectId,
            jobs: { ...before?.jobs, [step]: ids },
          }));
          report(true);
        },
        onRun: () => report(true),
        mayDownload,
      });
      change({ status: "done", results });
      reporter.current.done(results);
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code === "cancelled") change({ status: "stopped" });
      else change({ status: "failed", error });
      reporter.current.failed(error);
    } finally {
      unsubscribe();
    }
  };
  return {
    ...opened,
    files,
    setFiles,
    run,
    start,
    missing: opened.error || !opened.recipe ? [] : recipes.missing(opened.recipe),
  };
}

function open(
  location: string,
  check: (recipe: Recipe) => void,
): { readonly recipe: Recipe | null; readonly error: AppError | null } {
  try {
    const recipe = decodeRecipeLink(location.replace(/^\//, ""));
    try {
      if ("sample" in recipe.data) sampleById(recipe.data.sample);
      check(recipe);
    } catch (thrown) {
      return { recipe, error: AppError.from(thrown) };
    }
    return { recipe, error: null };
  } catch (thrown) {
    return { recipe: null, error: AppError.from(thrown) };
  }
}
