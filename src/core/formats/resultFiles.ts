import type { RetrievalPair } from "../domain/evaluation";
import { portableRecipe } from "../domain/portableRecipe";
import type { Project } from "../domain/project";
import { runResults } from "../domain/recipeResults";
import type { Run } from "../domain/run";
import { toCsv, type CsvCell, type CsvOptions } from "./csv";

/** A file the visitor can take away. */
export interface ResultFile {
  readonly name: string;
  readonly type: "application/json" | "text/csv";
  /** What it is for, in a sentence. */
  readonly purpose: string;
  readonly text: string;
  /** NaN and infinite numbers in it, which stand as empty cells or null. */
  readonly nonFinite: number;
}

/** Everything of a run that leaves as a file; results only once it has some. */
export function resultFiles(run: Run, project: Project): ResultFile[] {
  const recipe = portableRecipe(run.recipe, project);
  const files: ResultFile[] = [
    {
      name: "recipe.json",
      type: "application/json",
      purpose: "The experiment with every setting; open it here or run it from the command line.",
      ...jsonOf(recipe),
    },
  ];
  if (run.test) {
    files.push(
      {
        name: "results.json",
        type: "application/json",
        purpose: "Test results, baselines, data, timings and versions, with the recipe inside.",
        ...jsonOf({ recipe, ...measured(run, project) }),
      },
      {
        name: "results.csv",
        type: "text/csv",
        purpose: "Test recall of the run and its baselines, one row per direction and k.",
        ...csvOf(recallRows(run)),
      },
    );
  }
  if (run.history.length > 0) {
    files.push({
      name: "history.csv",
      type: "text/csv",
      purpose: "Loss, logit scale, learning rate and validation recall over the steps.",
      ...csvOf(historyRows(run)),
    });
  }
  return files;
}

/** A value as indented JSON, and how many of its numbers JSON has no word for. */
export function jsonOf(value: unknown): Pick<ResultFile, "text" | "nonFinite"> {
  let nonFinite = 0;
  const text = JSON.stringify(
    value,
    (_key, each: unknown) => {
      if (typeof each === "number" && !Number.isFinite(each)) nonFinite++;
      return each;
    },
    2,
  );
  return { text: `${text}\n`, nonFinite };
}

/** Rows as CSV, and how many of their numbers are written as empty cells. */
export function csvOf(
  rows: readonly (readonly CsvCell[])[],
  options?: CsvOptions,
): Pick<ResultFile, "text" | "nonFinite"> {
  const isMissing = (cell: CsvCell) => typeof cell === "number" && !Number.isFinite(cell);
  const nonFinite = rows.reduce((sum, row) => sum + row.filter(isMissing).length, 0);
  return { text: toCsv(rows, options), nonFinite };
}

/** All that a run measured, with the data it was measured on; test results once it has some. */
export function measured(run: Run, project: Project) {
  const report = project.data?.digest === run.dataDigest ? project.data.report : null;
  return {
    data: {
      digest: run.dataDigest,
      // Known only as long as the project still holds the data the run was made with.
      ...(report && {
        items: report.items,
        pairs: report.pairs,
        groups: report.groups,
        skipped: report.issues
          .filter(({ kind }) => kind === "skipped")
          .map(({ where, reason }) => ({ where, reason })),
      }),
    },
    ...runResults(run),
    timings: { ...run.timings, steps: run.history.at(-1)?.step ?? 0 },
    device: { align: run.device },
    versions: run.versions,
  };
}

function recallRows({ recipe, method, test, baselines }: Run): CsvCell[][] {
  const rowsOf = (method: string, result: RetrievalPair): CsvCell[][] =>
    (["imageToText", "textToImage"] as const).flatMap((direction) => {
      const { recall, queries, gallery, medianRank, meanRank, meanReciprocalRank } =
        result[direction];
      return Object.entries(recall).map(([k, { value, low, high }]) => [
        method,
        direction,
        Number(k),
        value,
        low,
        high,
        queries,
        gallery,
        medianRank,
        meanRank,
        meanReciprocalRank,
      ]);
    });
  return [
    [
      ...["method", "direction", "k", "recall", "low", "high", "queries", "gallery"],
      ...["median_rank", "mean_rank", "mean_reciprocal_rank"],
    ],
    ...(test ? rowsOf(method ?? recipe.align.method, test) : []),
    ...baselines.flatMap((baseline) => rowsOf(`baseline:${baseline.id}`, baseline.test)),
  ];
}

function historyRows({ history, recipe }: Run): CsvCell[][] {
  const columns = recipe.evaluate.retrieval.flatMap((k) =>
    (["imageToText", "textToImage"] as const).map((direction) => ({ k: String(k), direction })),
  );
  return [
    [
      "step",
      "loss",
      "logit_scale",
      "learning_rate",
      "elapsed_ms",
      ...columns.map(({ k, direction }) => `validation_${direction}_recall_at_${k}`),
    ],
    ...history.map(({ step, loss, logitScale, learningRate, elapsedMs, validation }) => [
      step,
      loss,
      logitScale,
      learningRate,
      elapsedMs,
      ...columns.map(({ k, direction }) => validation?.[direction].recall[k]?.value),
    ]),
  ];
}
