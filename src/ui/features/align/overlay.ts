import type { HistoryPoint, Run } from "../../../core/domain/run";
import {
  SERIES_TONES,
  type LineChartData,
  type LinePoint,
  type LineSeries,
} from "../../charts/lineLayout";
import { formatCount, formatPercent } from "../../components/formatting";
import { meanRecall } from "./runCurve";

/** More lines than this cannot be told apart. */
export const MAX_OVERLAID = SERIES_TONES.length;

const LABEL_LETTERS = 18; // what fits beside a value in the space kept for labels

/** What the overlaid curves show, and how. */
export interface OverlayChoice {
  /** `loss`, or k of the validation recall, mean of both directions. */
  readonly value: string;
  readonly x: "step" | "time";
  /** Weight of what came before, in [0, 1); 0 shows the values as they are. */
  readonly smoothing: number;
  readonly isXLog: boolean;
  /** Of the loss; a recall may be 0. */
  readonly isYLog: boolean;
}

export interface OverlaidRun {
  readonly run: Run;
  readonly history: readonly HistoryPoint[];
}

/**
 * Exponential moving average, without the pull of its start:
 *
 *   m_i = w m_(i−1) + (1 − w) y_i,  shown m_i / (1 − w^i), with m_0 = 0
 *
 * A constant stays constant. Values that are not numbers stay where they are and count for nothing.
 *
 * @param weight w in [0, 1).
 */
export function smoothed(points: readonly LinePoint[], weight: number): LinePoint[] {
  let mean = 0;
  let mass = 0;
  return points.map(({ x, y }) => {
    if (!Number.isFinite(y)) return { x, y };
    mean = weight * mean + (1 - weight) * y;
    mass = weight * mass + (1 - weight);
    return { x, y: mean / mass };
  });
}

/** Whether a run has what an overlay draws: more than one point of loss or of validation recall. */
export function hasCurve({ run, history }: OverlaidRun, value: string): boolean {
  return pointsOf({ run, history }, { value, x: "step" }).length > 1;
}

/** The curves of several runs in one chart, raw values behind where they are smoothed. */
export function overlayChart(runs: readonly OverlaidRun[], choice: OverlayChoice): LineChartData {
  const lines = runs.slice(0, MAX_OVERLAID).map((each, i) => {
    const points = pointsOf(each, choice);
    return { run: each.run, points, tone: SERIES_TONES[i] ?? ("ink" as const) };
  });
  const xEnd = lines
    .flatMap(({ points }) => points.slice(-1))
    .reduce((end, { x }) => Math.max(end, x), 0);
  const isLoss = choice.value === "loss";
  const formatY = isLoss ? (y: number) => formatLoss(y) : (y: number) => formatPercent(y, 0);
  const clock = clockOf(xEnd);
  const isTime = choice.x === "time";
  const scaled = (points: readonly LinePoint[]) =>
    isTime ? points.map((point) => ({ ...point, x: point.x / clock.ms })) : points;
  return {
    xEnd: isTime ? xEnd / clock.ms : xEnd,
    isXContinuous: isTime,
    isXLog: choice.isXLog,
    isYLog: isLoss && choice.isYLog,
    ...(isLoss ? {} : { yMin: 0 }),
    series: lines.flatMap(({ run, points, tone }): LineSeries[] => {
      const raw = scaled(points);
      const shown = choice.smoothing > 0 ? scaled(smoothed(points, choice.smoothing)) : raw;
      const last = shown.findLast(({ y }) => Number.isFinite(y));
      const value = last ? ` ${isLoss ? formatLoss(last.y) : formatPercent(last.y)}` : "";
      const line = { id: run.id, label: shortened(run.name) + value, tone, points: shown };
      if (choice.smoothing === 0) return [line];
      const behind = { id: `${run.id}/raw`, label: `${run.name} (raw)`, tone, points: raw };
      return [{ ...behind, isRaw: true }, line];
    }),
    references: [],
    formatX: isTime ? (x) => `${Number(x.toPrecision(4))} ${clock.unit}` : formatCount,
    formatY,
  };
}

/** The overlay in a sentence: where every line ends. */
export function overlaySummary(runs: readonly OverlaidRun[], choice: OverlayChoice): string {
  const ends = runs.slice(0, MAX_OVERLAID).map((each) => {
    const last = pointsOf(each, choice).findLast(({ y }) => Number.isFinite(y));
    const value = last && (choice.value === "loss" ? formatLoss(last.y) : formatPercent(last.y));
    return `${each.run.name} ${value ?? "without a value"}`;
  });
  return `${overlayTitle(choice)}. At the end: ${ends.join(", ")}.`;
}

/** What the overlay shows. */
export function overlayTitle({ value }: OverlayChoice): string {
  return value === "loss" ? "Training loss" : `Validation recall@${value}, mean of both directions`;
}

function pointsOf(
  { history }: OverlaidRun,
  { value, x }: Pick<OverlayChoice, "value" | "x">,
): LinePoint[] {
  return history.flatMap((point): LinePoint[] => {
    const at = x === "step" ? point.step : point.elapsedMs;
    if (value === "loss") return [{ x: at, y: point.loss }];
    return point.validation ? [{ x: at, y: meanRecall(point.validation, value) }] : [];
  });
}

const formatLoss = (y: number) => (y !== 0 && Math.abs(y) < 0.1 ? y.toPrecision(2) : y.toFixed(2));

const clockOf = (xEndMs: number) =>
  xEndMs < 600_000 ? { ms: 1000, unit: "s" } : { ms: 60_000, unit: "min" };

const shortened = (name: string) =>
  name.length <= LABEL_LETTERS ? name : `${name.slice(0, LABEL_LETTERS - 1).trimEnd()}…`;
