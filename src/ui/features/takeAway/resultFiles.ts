import type { RetrievalPair } from "../../../core/domain/evaluation";
import { portableRecipe } from "../../../core/domain/portableRecipe";
import type { Project } from "../../../core/domain/project";
import type { Recipe } from "../../../core/domain/recipe";
import { runResults } from "../../../core/domain/recipeResults";
import type { Run } from "../../../core/domain/run";
import { toCsv, type CsvCell } from "../../../core/formats/csv";

/** A file the visitor can take away. */
export interface ResultFile {
  readonly name: string;
  readonly type: "application/json" | "text/csv";
  /** What it is for, in a sentence. */
  readonly purpose: string;
  readonly text: string;
}

/** Everything of a run that leaves as a file; results only once it has some. */
export function resultFiles(run: Run, project: Project): ResultFile[] {
  const recipe = portableRecipe(run.recipe, project);
  const files: ResultFile[] = [
    {
      name: "recipe.json",
      type: "application/json",
      purpose: "The experiment with every setting; open it here or run it from the command line.",
      text: jsonOf(recipe),
    },
  ];
  if (run.test) {
    files.push(
      {
        name: "results.json",
        type: "application/json",
        purpose: "Test results, baselines, data, timings and versions, with the recipe inside.",
        text: jsonOf(resultsOf(run, recipe, project)),
      },
      {
        name: "results.csv",
        type: "text/csv",
        purpose: "Test recall of the run and its baselines, one row per direction and k.",
        text: toCsv(recallRows(run)),
      },
    );
  }
  if (run.history.length > 0) {
    files.push({
      name: "history.csv",
      type: "text/csv",
      purpose: "Loss, logit scale, learning rate and validation recall over the steps.",
      text: toCsv(historyRows(run)),
    });
  }
  return files;
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function resultsOf(run: Run, recipe: Recipe, project: Project) {
  const report = project.data?.digest === run.dataDigest ? project.data.report : null;
  return {
    recipe,
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
