import type { LagRequest, LagScan, LagSpace } from "../../../core/domain/hubQuery";
import type { LineChartData } from "../../charts/lineLayout";
import { formatCount, formatNumberOf, formatPercent } from "../formatting";

/** Where two streams are compared, in words. */
export const SPACES: Readonly<
  Record<LagSpace, { readonly name: string; readonly score: string; readonly explanation: string }>
> = {
  shared: {
    name: "the hub’s space",
    score: "cosine above that of other pairs",
    explanation:
      "Mean cosine of what stands at the same time, less that of everything else; 0 is no alignment.",
  },
  raw: {
    name: "the encoders’ own spaces",
    score: "CKA",
    explanation:
      "Unbiased CKA of what the encoders give, without any projector: also of use before a training, " +
      "since a projector trained on shifted pairs learns the shift. 0 is no alignment.",
  },
};

/** Score over the offset, with the level that unrelated streams reach in 5 of 100 cases. */
export function lagChart({ points, null95, space }: LagScan): LineChartData {
  const most = points.reduce((end, { lag }) => Math.max(end, lag), 0);
  const least = points.reduce((start, { lag }) => Math.min(start, lag), 0);
  return {
    xStart: least,
    xEnd: most,
    yMin: 0,
    series: [
      {
        id: "score",
        label: SPACES[space].score,
        tone: "ink",
        hasDots: points.length <= 61, // more would run into each other
        points: points.map(({ lag, score }) => ({ x: lag, y: score })),
      },
    ],
    references: [{ id: "null", label: "unrelated, 95 %", y: null95, kind: "chance" }],
    formatX: signedLag,
    formatY: (y) => y.toFixed(2),
  };
}

/** What the scan says, in one sentence. `noun`: what the offset counts. */
export function lagVerdict({ peak, null95, points }: LagScan, noun = "window"): string {
  // Also false for NaN: constant streams have no peak.
  if (!(peak.score > null95)) {
    return "No peak above what unrelated streams give: whatever ties the two is not seen here.";
  }
  const { lag, low, high } = peak;
  const interval = low === high ? "" : ` (${signedLag(low)} to ${signedLag(high)})`;
  const largest = points.reduce((most, point) => Math.max(most, Math.abs(point.lag)), 0);
  const isAtEdge = Math.abs(lag) === largest && largest > 0;
  return [
    `Peak at ${offsetWords(lag, noun)}${interval}, above what unrelated streams give.`,
    lag === 0 ? " The clocks agree." : "",
    isAtEdge ? " It lies at the largest offset that was tried: try larger ones." : "",
  ].join("");
}

/** What was compared and how, for the page and below a saved chart. */
export function lagAbout(
  { items, space, moments, shares }: LagScan,
  { seed }: LagRequest,
): readonly string[] {
  const [from, to] = (shares ?? []).map((share) => formatPercent(share, 0));
  return [
    `${formatNumberOf(items, "item")} compared at offset 0. ${SPACES[space].explanation}`,
    moments === undefined ? "" : `Only the middle of ${formatCount(moments)} moments was compared.`,
    shares ? `The directions compared hold ${from} and ${to} of the variance of either side.` : "",
    `Interval of the peak from resampled stretches of time; level of streams that vary in time as one of these does and know nothing of the other; seed ${seed}.`,
  ].filter(Boolean);
}

const offsetWords = (lag: number, noun: string) =>
  `${signedLag(lag)} ${noun}${Math.abs(lag) === 1 ? "" : "s"}`;

/** `+3`, `0`, `−2`. */
const signedLag = (lag: number) => (lag > 0 ? `+${lag}` : String(lag).replace("-", "−"));
