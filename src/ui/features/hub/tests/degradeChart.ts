import type { RetrievalResult } from "../../../../core/domain/evaluation";
import type {
  DegradationCurve,
  Degradation,
  DegradeRequest,
} from "../../../../core/domain/hubQuery";
import type { LineChartData, LineSeries } from "../../../charts/lineLayout";
import { formatCount, formatPercent } from "../../../components/formatting";

type NameOf = (memberId: string) => string;

/** The ways to make a part worse, in words. */
export const HOW: Readonly<
  Record<
    Degradation,
    { readonly name: string; readonly axis: string; readonly explanation: string }
  >
> = {
  noise: {
    name: "noise",
    axis: "share of the most noise",
    explanation:
      "Gaussian noise is added to the embedding before the projector, up to twice its mean length.",
  },
  drop: {
    name: "drop",
    axis: "share of queries without it",
    explanation:
      "More and more queries lack the part; those that lack it ask with the others alone.",
  },
  swap: {
    name: "swap",
    axis: "share of queries with another’s",
    explanation: "More and more queries have the part of another item: wrong, and sure of itself.",
  },
};

/** Recall@10 and @1 over the amount, with the level without the part and that of chance. */
export function degradeChart(
  { points, without, chance }: DegradationCurve,
  { worsened }: DegradeRequest,
  nameOf: NameOf,
): LineChartData {
  const series = (k: string, tone: LineSeries["tone"]): LineSeries => ({
    id: `recall-${k}`,
    label: `recall@${k}`,
    tone,
    hasDots: true,
    points: points.flatMap(({ amount, result }) => {
      const recall = result.recall[k];
      return recall ? [{ x: amount, y: recall.value, low: recall.low, high: recall.high }] : [];
    }),
  });
  const alone = recallAt(without, "10");
  return {
    xEnd: 1,
    isXContinuous: true,
    yMin: 0,
    series: [series("10", "series-1"), series("1", "series-2")],
    references: [
      ...(alone === undefined
        ? []
        : [
            {
              id: "without",
              label: `@10 without ${nameOf(worsened)}`,
              y: alone,
              kind: "baseline" as const,
            },
          ]),
      ...(chance["10"] === undefined
        ? []
        : [{ id: "chance", label: "chance @10", y: chance["10"], kind: "chance" as const }]),
    ],
    formatX: (x) => formatPercent(x, 0),
    formatY: (y) => formatPercent(y, 0),
  };
}

/** The chart in a sentence with numbers. */
export function degradeSummary(
  { points, without }: DegradationCurve,
  { worsened, how }: DegradeRequest,
  nameOf: NameOf,
): string {
  const first = recallAt(points[0]?.result, "10");
  const last = recallAt(points.at(-1)?.result, "10");
  const alone = recallAt(without, "10");
  const name = nameOf(worsened);
  return [
    `recall@10 goes from ${percent(first)} to ${percent(last)} with ${name} made worse by ${HOW[how].name}`,
    alone === undefined ? "" : `; without ${name} it is ${percent(alone)}`,
    ".",
  ].join("");
}

/** What the saved chart says below itself. */
export function degradeAbout(
  { points }: DegradationCurve,
  { sources, how, seed }: DegradeRequest,
  nameOf: NameOf,
): readonly string[] {
  const result = points[0]?.result;
  return [
    `Asked with ${sources.map(nameOf).join(" + ")}. ${HOW[how].explanation}`,
    result
      ? `${formatCount(result.queries)} held-out queries in a gallery of ${formatCount(result.gallery)}; bands are 95 % intervals over queries; seed ${seed}.`
      : "",
  ].filter(Boolean);
}

const recallAt = (result: RetrievalResult | null | undefined, k: string) =>
  result?.recall[k]?.value;
const percent = (value: number | undefined) => formatPercent(value ?? NaN);
