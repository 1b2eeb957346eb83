import type { Estimate, Geometry, RetrievalPair, ZeroShotResult } from "./evaluation";
import type { Recipe } from "./recipe";
import type { Candidate, Coverage, Run, SeedResult } from "./run";
import { RUN_WARNINGS, type RunWarning } from "./runWarning";
import type { SweepAxis, SweepValue } from "./sweep";

/** What one recipe gave: the `results.json` of docs/recipes.md. Numbers not known are null. */
export interface RecipeResults extends RunResults {
  readonly recipe: Recipe;
  readonly data: DataResults;
  readonly timings: Readonly<Record<string, number>>;
  readonly device: {
    readonly encode: string;
    readonly align: string;
    readonly adapter: string | null;
    readonly threads: number;
  };
  readonly versions: Readonly<Record<string, string>>;
}

/** What a recipe with lists gave; the data are the same for all of its runs. */
export interface SweepResults {
  readonly sweep: {
    readonly name: string;
    readonly axes: readonly SweepAxis[];
    readonly data: DataResults;
    /** Runs that gave results, in order. */
    readonly runs: readonly SweepRunResults[];
    readonly failed: readonly {
      readonly at: SweepRunResults["at"];
      readonly code: string;
      readonly message: string;
    }[];
  };
}

/** One run of a sweep, and which. */
export interface SweepRunResults extends Omit<RecipeResults, "data"> {
  readonly at: Readonly<Record<string, SweepValue>>;
}

export interface DataResults {
  readonly digest: string;
  readonly items: Readonly<Record<string, number>>;
  readonly pairs: number;
  readonly groups: number;
  readonly skipped: readonly { where: string; reason: string }[];
}

/** What a run itself tells of its results. */
export interface RunResults {
  /** The method trained: what `auto` chose, else the recipe's. */
  readonly method: string;
  /** Hyper-parameters a closed form chose on validation. */
  readonly chosen: Readonly<Record<string, number>>;
  readonly splits: { readonly train: number; readonly validation: number; readonly test: number };
  readonly best: Run["best"];
  readonly test: TestResults;
  readonly baselines: Readonly<Record<string, RetrievalPair>>;
  /** What `auto` compared on the validation split, best first. */
  readonly candidates: readonly Candidate[];
  /** One per seed where the recipe asks for several. */
  readonly seeds: readonly Omit<SeedResult, "history">[];
  readonly coverage: Coverage | null;
  readonly warnings: readonly (RunWarning & { readonly message: string })[];
}

export interface TestResults extends RetrievalPair {
  /** Digest of what was asked of what: equal ones answered the same queries. */
  readonly queries: string | null;
  readonly geometry: Geometry | null;
  readonly csls: RetrievalPair | null;
  readonly zeroShot: ZeroShotResults | null;
}

/** Zero-shot classification of the held-out images, as `results.json` has it. */
export interface ZeroShotResults extends Omit<ZeroShotResult, "confusion"> {
  readonly top1: Estimate;
  /** Row: true class, column: predicted, in the order of `perClass`; null above 200 classes. */
  readonly confusion: readonly (readonly number[])[] | null;
}

/** The results of a run as they leave it; undefined before it was tested. */
export function runResults(run: Run): RunResults | undefined {
  const { test, report, zeroShot, splits, best, chosen, candidates, coverage } = run;
  if (!test) return undefined;
  return {
    method: run.method ?? run.recipe.align.method,
    chosen,
    splits,
    best,
    test: {
      ...test,
      queries: report?.queries ?? null,
      geometry: report?.geometry ?? null,
      csls: report?.csls ?? null,
      zeroShot: zeroShot && zeroShotResults(zeroShot),
    },
    baselines: Object.fromEntries(run.baselines.map((baseline) => [baseline.id, baseline.test])),
    candidates,
    seeds: run.seedResults.map(({ history: _, ...result }) => result),
    coverage,
    warnings: run.warnings.map((warning) => ({ ...warning, message: RUN_WARNINGS[warning.code] })),
  };
}

function zeroShotResults({ confusion, ...result }: ZeroShotResult): ZeroShotResults {
  const classes = result.perClass.length;
  const rows = result.perClass.map((_, i) => [
    ...(confusion?.subarray(i * classes, (i + 1) * classes) ?? []),
  ]);
  return { ...result, confusion: confusion && rows };
}
