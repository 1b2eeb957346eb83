import type { Estimate, RetrievalPair, RetrievalResult } from "../core/domain/evaluation";
import type { Recipe } from "../core/domain/recipe";
import type { RecipeResults } from "../core/domain/recipeResults";
import { spreadOf } from "../core/math/spread";

/** The results as a few lines of text for a terminal, recalls in percent with their intervals. */
export function resultTable(results: RecipeResults): string {
  const { recipe, data, splits, test, device, coverage, warnings } = results;
  const lines = [
    recipe.name,
    `${count(data.pairs)} pairs: ${count(splits.train)} train, ${count(splits.validation)} ` +
      `validation, ${count(splits.test)} test; ${count(data.skipped.length)} skipped`,
    ...(coverage && coverage.pairs !== coverage.of
      ? [`trained on ${count(coverage.pairs)} of ${count(coverage.of)} training pairs`]
      : []),
    ...direction("image → text", results, (pair) => pair.imageToText),
    ...direction("text → image", results, (pair) => pair.textToImage),
    ...candidateLines(results),
  ];
  if (test.zeroShot) lines.push("", zeroShotLine(test.zeroShot, recipe));
  lines.push(...warnings.map(({ message, detail }) => `note: ${message} ${detail}`.trimEnd()));
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
  { recipe, method, test, baselines, seeds }: RecipeResults,
  side: (pair: RetrievalPair) => RetrievalResult,
): string[] {
  const ks = recipe.evaluate.retrieval.map(String);
  const head = ["", ...ks.map((k) => `recall@${k}`), "median rank", "MRR"];
  const asked = recipe.align.method === method ? method : `${recipe.align.method} (${method})`;
  const own = row(asked, side(test), ks);
  const tests = seeds.flatMap((seed) => (seed.test ? [side(seed.test)] : []));
  const over = tests.length > 1 ? [seedRow(tests, ks)] : [];
  const csls = test.csls ? [row("with CSLS", side(test.csls), ks)] : [];
  const others = Object.entries(baselines).map(([id, pair]) => row(id, side(pair), ks));
  const { gallery, queries } = side(test);
  const title = `${name}, held-out test: ${count(queries)} queries, gallery of ${count(gallery)}`;
  return ["", title, ...aligned([head, own, ...over, ...csls, ...others])];
}

function row(name: string, result: RetrievalResult, ks: readonly string[]): string[] {
  const cells = ks.map((k) => (result.recall[k] ? percent(result.recall[k]) : "–"));
  return [name, ...cells, number(result.medianRank), rate(result.meanReciprocalRank)];
}

/** Mean ± sample standard deviation over seeds. */
function seedRow(tests: readonly RetrievalResult[], ks: readonly string[]): string[] {
  const cells = ks.map((k) => spreadPercent(tests.flatMap(({ recall }) => recall[k]?.value ?? [])));
  const ranks = spreadOf(tests.map(({ medianRank }) => medianRank)).mean;
  const reciprocal = spreadOf(tests.map(({ meanReciprocalRank }) => meanReciprocalRank)).mean;
  return [`mean of ${tests.length} seeds`, ...cells, number(ranks), rate(reciprocal)];
}

function candidateLines({ candidates }: RecipeResults): string[] {
  if (candidates.length === 0) return [];
  const scores = candidates.map(({ method, score, error }) =>
    error ? `${method} failed` : `${method} ${share(score)}`,
  );
  return ["", `auto compared on validation pairs (mean recall in %): ${scores.join(", ")}`];
}

/** Columns as wide as their widest cell: names to the left, numbers to the right. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
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

/** `12.3 ± 0.4 %`, mean and sample standard deviation of shares; one alone without the latter. */
export function spreadPercent(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const { mean, deviation, n } = spreadOf(values);
  return n === 1 ? `${share(mean)} %` : `${share(mean)} ± ${share(deviation)} %`;
}

// Results of JSON have null where a number is not known.
const number = (value: number | null) =>
  value === null || Number.isNaN(value) ? "–" : String(round(value));
const rate = (value: number | null) =>
  value === null || Number.isNaN(value) ? "–" : value.toFixed(3);
const count = (value: number) => value.toLocaleString("en-US");
const round = (value: number) => Math.round(value * 10) / 10;
const share = (value: number) => (value * 100).toFixed(1);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const percent = ({ value, low, high }: Estimate) =>
  `${share(value)} % (${share(low)}–${share(high)})`;
