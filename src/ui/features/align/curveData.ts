import { methodById } from "../../../core/catalogue/methods";
import type { MethodId } from "../../../core/domain/alignSettings";
import type { RetrievalPair } from "../../../core/domain/evaluation";
import type { Run } from "../../../core/domain/run";
import type { StoredSweep } from "../../../core/domain/storedSweep";
import { SERIES_TONES, type LineChartData } from "../../charts/lineLayout";
import { formatCount, formatNumberOf, formatPercent } from "../../components/formatting";

export const CURVE_DIRECTIONS = ["both", "imageToText", "textToImage"] as const;
/** Which recall a learning curve shows; `both` is the mean of the two directions. */
export type CurveDirection = (typeof CURVE_DIRECTIONS)[number];

/** Which number of the held-out test a learning curve shows. */
export interface CurveView {
  readonly direction: CurveDirection;
  /** The k of recall@k, as the results name it. */
  readonly k: string;
}

/** Test recall of one method trained on one number of pairs, over seeds. */
export interface CurvePoint {
  readonly size: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly seeds: number;
}

export interface CurveLine {
  readonly method: MethodId;
  readonly name: string;
  /** By size, ascending; only what has ended. */
  readonly points: readonly CurvePoint[];
}

export interface LearningCurveData {
  /** In the order the methods were asked for. */
  readonly lines: readonly CurveLine[];
  readonly sizes: readonly number[];
  /** Recall of random ranking in the same gallery; null before the first run has ended. */
  readonly chance: number | null;
  /** Test queries and gallery of each direction; null before the first run has ended. */
  readonly test: RetrievalPair | null;
  /** Trainings that have ended and those asked for. */
  readonly ended: number;
  readonly asked: number;
}

/** The sweeps that draw a learning curve: they vary how many pairs are trained on. */
export function curvesAmong(sweeps: readonly StoredSweep[]): StoredSweep[] {
  return sweeps.filter(({ runs }) => {
    const sizes = runs.map(({ recipe }) => recipe.align.trainOn);
    return new Set(sizes).size > 1 && sizes.every((size) => typeof size !== "object");
  });
}

/**
 * Held-out test recall over training size, one line per method, from the runs that have ended.
 *
 * @param unrelated training pairs that share no item: what “all” stands for.
 */
export function learningCurveOf(
  { runs }: StoredSweep,
  { direction, k }: CurveView,
  unrelated: number,
): LearningCurveData {
  const sizeOf = ({ recipe }: Run) => {
    const { trainOn } = recipe.align;
    return typeof trainOn === "number" ? Math.min(trainOn, unrelated) : unrelated;
  };
  const ended = runs.filter(({ test }) => test !== null);
  const methods = [...new Set(runs.map(({ recipe }) => recipe.align.method))];
  const lines = methods.map((method): CurveLine => {
    const own = ended.filter(({ recipe }) => recipe.align.method === method);
    const sizes = [...new Set(own.map(sizeOf))].sort((a, b) => a - b);
    const points = sizes.map((size) => {
      const values = own
        .filter((run) => sizeOf(run) === size)
        .flatMap((run) => scoresOf(run, { direction, k }));
      return pointOf(size, values);
    });
    const name = methodById(method)?.name ?? method;
    return { method, name, points: points.filter(({ seeds }) => seeds > 0) };
  });
  const withChance = ended.find(({ baselines }) => baselines.some(({ id }) => id === "chance"));
  const chance = withChance?.baselines.find(({ id }) => id === "chance");
  return {
    lines,
    sizes: [...new Set(runs.map(sizeOf))].sort((a, b) => a - b),
    chance: chance ? recallOf(chance.test, { direction, k }) : null,
    test: ended[0]?.test ?? null,
    ended: ended.length,
    asked: runs.length,
  };
}

/** Test recall of every training of a run: one, or one per seed. */
function scoresOf({ test, seedResults }: Run, view: CurveView): number[] {
  const tests = seedResults.length > 1 ? seedResults.map((seed) => seed.test) : [test];
  return tests.flatMap((each) => {
    const value = each && recallOf(each, view);
    return value !== null && Number.isFinite(value) ? [value] : [];
  });
}

function pointOf(size: number, values: readonly number[]): CurvePoint {
  return {
    size,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: Math.min(...values),
    high: Math.max(...values),
    seeds: values.length,
  };
}

function recallOf(test: RetrievalPair, { direction, k }: CurveView): number {
  const recall = (side: keyof RetrievalPair) => test[side].recall[k]?.value ?? NaN;
  if (direction !== "both") return recall(direction);
  return (recall("imageToText") + recall("textToImage")) / 2;
}

/** The curve as a line chart: sizes on a logarithmic axis, the spread over seeds as a band. */
export function curveChart({ lines, sizes, chance }: LearningCurveData): LineChartData {
  return {
    xEnd: sizes.at(-1) ?? 1,
    isXLog: true,
    yMin: 0,
    series: lines.map(({ method, name, points }, i) => {
      const last = points.at(-1);
      return {
        id: method,
        label: last ? `${name} ${formatPercent(last.mean)}` : name,
        tone: SERIES_TONES[i % SERIES_TONES.length] ?? "ink",
        hasDots: true,
        points: points.map(({ size, mean, low, high }) => ({ x: size, y: mean, low, high })),
      };
    }),
    references:
      chance === null
        ? []
        : [{ id: "chance", y: chance, label: `Chance ${formatPercent(chance)}`, kind: "chance" }],
    formatX: formatCount,
    formatY: (y) => formatPercent(y, y > 0 && y < 0.1 && (y * 100) % 1 !== 0 ? 1 : 0),
  };
}

/** Title of the chart: what is counted, and in a gallery of which size. */
export function curveTitle({ test }: LearningCurveData, { direction, k }: CurveView): string {
  const what = `Held-out test recall@${k}`;
  if (!test) return `${what} over training pairs`;
  const { imageToText, textToImage } = test;
  const images = `${formatCount(imageToText.queries)} images among ${formatCount(imageToText.gallery)} captions`;
  const texts = `${formatCount(textToImage.queries)} captions among ${formatCount(textToImage.gallery)} images`;
  switch (direction) {
    case "both":
      return `${what}, mean of both directions: ${images}, ${texts}`;
    case "imageToText":
      return `${what}: ${images}`;
    case "textToImage":
      return `${what}: ${texts}`;
  }
}

/** The chart in a few sentences. */
export function curveSummary({ lines, chance }: LearningCurveData, { k }: CurveView): string {
  const told = lines.flatMap(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last) return [];
    const from = `${formatPercent(first.mean)} with ${formatNumberOf(first.size, "pair")}`;
    if (first === last) return [`${name} ${from}`];
    return [`${name} from ${from} to ${formatPercent(last.mean)} with ${formatCount(last.size)}`];
  });
  if (told.length === 0) return `Test recall@${k}: no run has ended yet.`;
  const level = chance === null ? "" : ` Chance is ${formatPercent(chance)}.`;
  return `Test recall@${k}: ${told.join("; ")}.${level}`;
}
