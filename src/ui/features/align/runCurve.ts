import type { BaselineResult, RetrievalPair } from "../../../core/domain/evaluation";
import type { HistoryPoint } from "../../../core/domain/run";
import type { LineChartData, LinePoint, LineSeries } from "../../charts/lineLayout";
import { BASELINE_NAMES } from "../../components/baselineNames";
import { formatCount, formatPercent } from "../../components/formatting";

/**
 * What is stored of a run followed by what it has reported since, each step once, in order. A run
 * that restarted from a checkpoint reports steps again: the newer report counts.
 */
export function mergedHistory(
  stored: readonly HistoryPoint[],
  live: readonly HistoryPoint[],
): readonly HistoryPoint[] {
  if (live.length === 0) return stored;
  const merged: HistoryPoint[] = [];
  for (const point of [...stored, ...live]) {
    while (merged.length > 0 && merged.at(-1)!.step >= point.step) merged.pop();
    merged.push(point);
  }
  return merged;
}

/** Stored baselines and the live ones that are not stored yet. */
export function mergedBaselines(
  stored: readonly BaselineResult[],
  live: readonly BaselineResult[],
): readonly BaselineResult[] {
  return [...stored, ...live.filter(({ id }) => !stored.some((known) => known.id === id))];
}

/** Mean of both directions' recall@k; NaN where it was not measured. */
export const meanRecall = ({ imageToText, textToImage }: RetrievalPair, k: string): number =>
  ((imageToText.recall[k]?.value ?? NaN) + (textToImage.recall[k]?.value ?? NaN)) / 2;

const SIDES = [
  { id: "imageToText", name: "image → text", tone: "image" },
  { id: "textToImage", name: "text → image", tone: "text" },
] as const;

export interface RecallCurve {
  readonly history: readonly HistoryPoint[];
  readonly baselines: readonly BaselineResult[];
  readonly k: string;
  /** Steps the run will take, or has taken. */
  readonly steps: number;
}

/** Validation recall@k over steps in both directions, over the levels of the baselines. */
export function recallChart({ history, baselines, k, steps }: RecallCurve): LineChartData {
  const series = SIDES.map(({ id, name, tone }): LineSeries => {
    const points = history.flatMap(({ step, validation }): LinePoint[] => {
      const estimate = validation?.[id].recall[k];
      return estimate
        ? [{ x: step, y: estimate.value, low: estimate.low, high: estimate.high }]
        : [];
    });
    const last = points.at(-1);
    return { id, tone, points, label: last ? `${name} ${formatPercent(last.y)}` : name };
  });
  const references = baselines
    // Shuffled pairs lie on chance: the table of results has them.
    .filter(({ id }) => id !== "shuffled")
    .map(({ id, validation }) => ({ id, y: meanRecall(validation, k) }))
    .filter(({ y }) => Number.isFinite(y))
    .map(({ id, y }) => ({
      id,
      y,
      label: `${BASELINE_NAMES[id]} ${formatPercent(y)}`,
      kind: id === "chance" ? ("chance" as const) : ("baseline" as const),
    }));
  return {
    xEnd: Math.max(1, steps),
    yMin: 0,
    series,
    references,
    formatX: formatCount,
    formatY: (y) => formatPercent(y, y > 0 && y < 0.1 && (y * 100) % 1 !== 0 ? 1 : 0),
  };
}

/** Title of the recall chart: always with the size of what is searched. */
export function recallTitle(history: readonly HistoryPoint[], k: string): string {
  const newest = history.findLast(({ validation }) => validation)?.validation;
  if (!newest) return `Held-out recall@${k} (validation)`;
  const { imageToText, textToImage } = newest;
  return (
    `Held-out recall@${k} on validation: ${formatCount(imageToText.queries)} images among ` +
    `${formatCount(imageToText.gallery)} captions, ${formatCount(textToImage.queries)} captions ` +
    `among ${formatCount(textToImage.gallery)} images`
  );
}

/** The chart in a sentence. */
export function recallSummary({ history, baselines, k }: RecallCurve): string {
  const newest = history.findLast(({ validation }) => validation);
  if (!newest?.validation) return `Held-out recall@${k}: no evaluation yet.`;
  const { imageToText, textToImage } = newest.validation;
  const levels = baselines
    .filter(({ id }) => id !== "shuffled")
    .map(
      ({ id, validation }) => `${BASELINE_NAMES[id]} ${formatPercent(meanRecall(validation, k))}`,
    );
  return [
    `Held-out recall@${k} after ${formatCount(newest.step)} steps: image to text`,
    `${formatPercent(imageToText.recall[k]?.value ?? NaN)}, text to image`,
    `${formatPercent(textToImage.recall[k]?.value ?? NaN)}.`,
    levels.length > 0 ? `Levels, mean of both directions: ${levels.join(", ")}.` : "",
  ]
    .join(" ")
    .trim();
}

/** One number of the training over steps, for a small chart. */
export function smallChart(
  history: readonly HistoryPoint[],
  value: "loss" | "logitScale",
  steps: number,
): LineChartData {
  const digits = value === "loss" ? 2 : 1;
  return {
    xEnd: Math.max(1, steps),
    ...(value === "loss" ? { yMin: 0 } : {}),
    series: [
      {
        id: value,
        label: value === "loss" ? "loss" : "logit scale",
        tone: "ink",
        points: history.map((point) => ({ x: point.step, y: point[value] })),
      },
    ],
    references: [],
    formatX: formatCount,
    formatY: (y) => (Number.isInteger(y) ? String(y) : y.toFixed(digits)),
  };
}

/** From where to where a number of the training went. */
export function smallSummary(
  history: readonly HistoryPoint[],
  value: "loss" | "logitScale",
): string {
  const name = value === "loss" ? "Loss" : "Logit scale";
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last) return `${name}: no step yet.`;
  return `${name} ${first[value].toFixed(2)} → ${last[value].toFixed(2)} after ${formatCount(last.step)} steps.`;
}
