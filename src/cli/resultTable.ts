import type { Estimate, RetrievalPair, RetrievalResult } from "../core/domain/evaluation";
import type { Recipe } from "../core/domain/recipe";
import type { RecipeResults } from "../core/domain/recipeResults";

/** The results as a few lines of text for a terminal, recalls in percent with their intervals. */
export function resultTable(results: RecipeResults): string {
  const { recipe, data, splits, test, device } = results;
  const lines = [
    recipe.name,
    `${count(data.pairs)} pairs: ${count(splits.train)} train, ${count(splits.validation)} ` +
      `validation, ${count(splits.test)} test; ${count(data.skipped.length)} skipped`,
    ...direction("image → text", results, (pair) => pair.imageToText),
    ...direction("text → image", results, (pair) => pair.textToImage),
  ];
  if (test.zeroShot) lines.push("", zeroShotLine(test.zeroShot, recipe));
  const where = device.adapter ? `, adapter ${device.adapter}` : "";
  lines.push(
    "",
    timingLine(results.timings),
    `device: encode ${device.encode} (${device.threads} thread${device.threads === 1 ? "" : "s"}), ` +
      `align ${device.align}${where}`,
  );
  return `${lines.join("\n")}\n`;
}

function direction(
  name: string,
  { recipe, test, baselines }: RecipeResults,
  side: (pair: RetrievalPair) => RetrievalResult,
): string[] {
  const ks = recipe.evaluate.retrieval.map(String);
  const head = ["", ...ks.map((k) => `recall@${k}`), "median rank"];
  const own = row(recipe.align.method, side(test), ks);
  const others = Object.entries(baselines).map(([id, pair]) => row(id, side(pair), ks));
  const { gallery, queries } = side(test);
  const title = `${name}, held-out test: ${count(queries)} queries, gallery of ${count(gallery)}`;
  return ["", title, ...aligned([head, own, ...others])];
}

function row(name: string, result: RetrievalResult, ks: readonly string[]): string[] {
  const cells = ks.map((k) => (result.recall[k] ? percent(result.recall[k]) : "–"));
  return [name, ...cells, String(round(result.medianRank))];
}

/** Columns as wide as their widest cell: names to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths?.[i] ?? 0) : cell.padStart(widths?.[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

function zeroShotLine(
  zeroShot: NonNullable<RecipeResults["test"]["zeroShot"]>,
  recipe: Recipe,
): string {
  const label = recipe.evaluate.zeroShot?.label ?? "label";
  const { classes, top1, top5, macro, ceiling } = zeroShot;
  return (
    `zero-shot by ${label} (${classes} classes): top-1 ${percent(top1)}, top-5 ${percent(top5)}, ` +
    `mean per class ${share(macro)} %` +
    (ceiling === null ? "" : `, nearest class mean ${share(ceiling)} %`)
  );
}

function timingLine(timings: Readonly<Record<string, number>>): string {
  const { importMs = 0, encodeMs = 0, alignMs = 0, stepMs = 0, steps = 0, queryMs = 0 } = timings;
  return (
    `time: import ${seconds(importMs)}, encode ${seconds(encodeMs)}, align ${seconds(alignMs)} ` +
    `(${count(steps)} steps of ${round(stepMs)} ms), query ${round(queryMs)} ms`
  );
}

const count = (value: number) => value.toLocaleString("en-US");
const round = (value: number) => Math.round(value * 10) / 10;
const share = (value: number) => (value * 100).toFixed(1);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const percent = ({ value, low, high }: Estimate) =>
  `${share(value)} % (${share(low)}–${share(high)})`;
