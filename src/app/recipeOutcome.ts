import type { EncodeSummary } from "../core/domain/encodeRequest";
import type { Project } from "../core/domain/project";
import type { Recipe } from "../core/domain/recipe";
import {
  runResults,
  type DataResults,
  type RecipeResults,
  type SweepResults,
  type SweepRunResults,
} from "../core/domain/recipeResults";
import type { Run } from "../core/domain/run";
import type { Sweep } from "../core/domain/sweep";
import { AppError, type ErrorCode } from "../core/errors";
import { ERRORS } from "../core/errorTable";

/** How both sides were encoded, and how long that took together. */
export interface Encoded {
  readonly image: EncodeSummary;
  readonly text: EncodeSummary;
  readonly elapsedMs: number;
}

interface Outcome {
  readonly recipe: Recipe;
  readonly project: Project;
  readonly run: Run;
  readonly encoded: Encoded;
  /** Undefined where no queries were timed. */
  readonly queryMs?: number;
}

/**
 * The `results.json` of a recipe that has run.
 *
 * @throws AppError `data/too-few` where no pair was held out for the test.
 */
export function recipeResults(outcome: Outcome): RecipeResults {
  const { at: _, ...results } = resultsOfRun(outcome);
  return { ...results, data: dataResults(outcome.project, [outcome.encoded]) };
}

interface SweepOutcome {
  readonly sweep: Sweep;
  readonly project: Project;
  /** All runs of the sweep, in order. */
  readonly runs: readonly Run[];
  /** The encodings each recipe used, in the order of the recipes. */
  readonly encodedOf: (recipe: Recipe) => Encoded;
  /** Of the first run with results. */
  readonly queryMs?: number;
}

/** The `results.json` of a sweep: runs with results, and those that failed, each with its place. */
export function sweepResults(outcome: SweepOutcome): SweepResults {
  const { sweep, project, runs, encodedOf, queryMs } = outcome;
  const all = new Set(sweep.recipes.map(encodedOf));
  return {
    sweep: {
      name: sweep.name,
      axes: sweep.axes,
      data: dataResults(project, [...all]),
      runs: runs.filter(hasResults).map((run, i) => {
        const { recipe } = run;
        const timed = i === 0 && queryMs !== undefined ? { queryMs } : {};
        return resultsOfRun({ recipe, project, run, encoded: encodedOf(recipe), ...timed });
      }),
      failed: runs
        .filter((run) => !hasResults(run))
        .map(({ sweep: point, error }) => {
          const { code, detail } = error ?? { code: "data/too-few", detail: NO_TEST };
          return { at: point?.at ?? {}, code, message: messageOf(code, detail) };
        }),
    },
  };
}

/** Whether a run came to its end and was tested. */
export function hasResults({ test, error }: Run): boolean {
  return test !== null && !error;
}

const NO_TEST = "no pair is held out for the test; give split.test a share";

function resultsOfRun(outcome: Outcome): SweepRunResults {
  const { recipe, project, run, encoded, queryMs } = outcome;
  const results = runResults(run);
  if (!results) throw new AppError("data/too-few", NO_TEST);
  return {
    at: run.sweep?.at ?? {},
    recipe,
    ...results,
    timings: {
      importMs: Math.round(project.data?.report.elapsedMs ?? 0),
      encodeMs: Math.round(encoded.elapsedMs),
      alignMs: Math.round(run.timings.alignMs),
      stepMs: run.timings.stepMs,
      steps: run.training?.steps ?? 0,
      ...(queryMs !== undefined && { queryMs }),
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

function dataResults({ data }: Project, encoded: readonly Encoded[]): DataResults {
  if (!data) throw new AppError("internal", "a finished run without data");
  const failed = encoded.flatMap(({ image, text }) => [...image.failed, ...text.failed]);
  const skipped = [
    ...data.report.issues.filter(({ kind }) => kind === "skipped"),
    ...failed.map(({ source, reason }) => ({ where: source, reason })),
  ];
  const distinct = new Map(skipped.map(({ where, reason }) => [`${where}\n${reason}`, { where, reason }])); // prettier-ignore
  return {
    digest: data.digest,
    items: data.report.items,
    pairs: data.report.pairs,
    groups: data.report.groups,
    skipped: [...distinct.values()],
  };
}

/** A stored code may be of another version of the page. */
function messageOf(code: string, detail: string): string {
  const known = Object.hasOwn(ERRORS, code);
  return known ? new AppError(code as ErrorCode, detail).fullText : `${code} ${detail}`.trim();
}
