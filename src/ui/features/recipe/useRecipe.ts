import { useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { RecipeStep } from "../../../app/recipePreparation";
import type { RecipeResults, SweepResults } from "../../../core/domain/recipeResults";
import type { RecipeRunner, RunOptions } from "../../../app/recipeRunner";
import { useServices } from "../../../app/services";
import { sampleById } from "../../../core/catalogue/samples";
import type { SourceFile } from "../../../core/domain/dataset";
import type { Sweep } from "../../../core/domain/sweep";
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
  readonly results: RecipeResults | SweepResults | null;
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
    () => open(location, (sweep) => sweep.recipes.forEach((recipe) => recipes.check(recipe))),
    [location, recipes],
  );
  const [files, setFiles] = useState<readonly SourceFile[]>([]);
  const [run, setRun] = useState<RecipeRun | null>(null);
  const reporter = useRef(new CommandLineReporter());

  /** @param mayDownload the visitor has agreed to fetch what `recipes.missing` names. */
  const start = async (sweep: Sweep, mayDownload = false) => {
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
      const results = await runSweep(recipes, sweep, files, {
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
    missing: opened.error || !opened.sweep ? [] : recipes.missing(opened.sweep.recipes),
  };
}

/** A plain recipe is a sweep of one, but its results have a shape of their own. */
function runSweep(
  recipes: RecipeRunner,
  sweep: Sweep,
  files: readonly SourceFile[],
  options: RunOptions,
): Promise<RecipeResults | SweepResults> {
  const [only] = sweep.recipes;
  return sweep.axes.length === 0 && only
    ? recipes.run(only, files, options)
    : recipes.runSweep(sweep, files, options);
}

function open(
  location: string,
  check: (sweep: Sweep) => void,
): { readonly sweep: Sweep | null; readonly error: AppError | null } {
  try {
    const sweep = decodeRecipeLink(location.replace(/^\//, ""));
    try {
      for (const { data } of sweep.recipes) if ("sample" in data) sampleById(data.sample);
      check(sweep);
    } catch (thrown) {
      return { sweep, error: AppError.from(thrown) };
    }
    return { sweep, error: null };
  } catch (thrown) {
    return { sweep: null, error: AppError.from(thrown) };
  }
}
