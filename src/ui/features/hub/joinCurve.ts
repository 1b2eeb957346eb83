import type { HubMember } from "../../../core/domain/hub";
import type { JoinWish } from "../../../core/domain/joinRequest";
import type { Modality } from "../../../core/domain/modality";
import type { HistoryPoint } from "../../../core/domain/run";
import type { LineChartData, LinePoint, LineSeries } from "../../charts/lineLayout";
import { formatCount, formatPercent } from "../../components/formatting";
import { ITEM_NOUNS } from "../../components/modalityWords";

/** What joins and what it is trained against, in words: `sounds`, `captions`. */
export interface CurveSides {
  readonly modality: Modality;
  readonly joining: string;
  readonly anchors: string;
}

/** The sides of a joining, from what joins and the members it is aligned to. */
export function curveSides(modality: Modality, anchors: readonly Modality[]): CurveSides {
  const nouns = [...new Set(anchors)].map((each) => `${ITEM_NOUNS[each]}s`);
  return { modality, joining: `${ITEM_NOUNS[modality]}s`, anchors: nouns.join(" and ") || "hub" };
}

/** The sides of a joining as it was asked for. */
export function joiningSides(
  { modality, anchors }: Pick<JoinWish, "modality" | "anchors">,
  members: readonly HubMember[],
): CurveSides {
  const aligned = members.filter(({ id }) => anchors.includes(id));
  return curveSides(
    modality,
    aligned.map((member) => member.modality),
  );
}

interface CurveOptions {
  readonly sides: CurveSides;
  /** Steps the training takes, or has taken. */
  readonly steps: number;
}

const K = "10";

/** Validation recall@10 of a joining over steps, both ways. */
export function joinChart(
  history: readonly HistoryPoint[],
  { sides: { modality, joining, anchors }, steps }: CurveOptions,
): LineChartData {
  // A joining is trained as a run whose image side is the one that joins.
  const series = [
    { id: "imageToText", name: `${joining} → ${anchors}`, tone: modality },
    { id: "textToImage", name: `${anchors} → ${joining}`, tone: "ink" },
  ] as const;
  return {
    xEnd: Math.max(1, steps),
    yMin: 0,
    series: series.map(({ id, name, tone }): LineSeries => {
      const points = history.flatMap(({ step, validation }): LinePoint[] => {
        const estimate = validation?.[id].recall[K];
        return estimate
          ? [{ x: step, y: estimate.value, low: estimate.low, high: estimate.high }]
          : [];
      });
      const last = points.at(-1);
      return { id, tone, points, label: last ? `${name} ${formatPercent(last.y)}` : name };
    }),
    references: [],
    formatX: formatCount,
    formatY: (y) => formatPercent(y, 0),
  };
}

/** Training loss of a joining over steps. */
export function joinLossChart(history: readonly HistoryPoint[], steps: number): LineChartData {
  const points = history.map(({ step, loss }) => ({ x: step, y: loss }));
  return {
    xEnd: Math.max(1, steps),
    yMin: 0,
    series: [{ id: "loss", label: "loss", tone: "ink", points }],
    references: [],
    formatX: formatCount,
    formatY: (y) => (Number.isInteger(y) ? String(y) : y.toFixed(2)),
  };
}

/** The chart in a sentence. */
export function joinSummary(
  history: readonly HistoryPoint[],
  { joining, anchors }: CurveSides,
): string {
  const newest = history.findLast(({ validation }) => validation);
  if (!newest?.validation) return "Held-out recall@10: no evaluation yet.";
  const { imageToText, textToImage } = newest.validation;
  return (
    `Held-out recall@10 after ${formatCount(newest.step)} steps: ${joining} to ${anchors} ` +
    `${formatPercent(imageToText.recall[K]?.value ?? NaN)}, ${anchors} to ${joining} ` +
    `${formatPercent(textToImage.recall[K]?.value ?? NaN)}.`
  );
}
