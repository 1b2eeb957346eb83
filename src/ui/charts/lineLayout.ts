import type { Modality } from "../../core/domain/modality";
import { spreadLabels } from "./labels";
import { linearScale, logScale, logTicks, rounded, roundTicks, type Scale } from "./scale";

/** Tones of lines that belong to no modality; each has its own dash, so colour is never alone. */
export const SERIES_TONES = [
  "series-1",
  "series-2",
  "series-3",
  "series-4",
  "series-5",
  "series-6",
  "series-7",
  "series-8",
] as const;

/** Modality colours, ink for what belongs to neither side, or one of several runs or methods. */
export type Tone = Modality | "ink" | (typeof SERIES_TONES)[number];

export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** 95 % interval, drawn as a band. */
  readonly low?: number;
  readonly high?: number;
}

export interface LineSeries {
  readonly id: string;
  readonly label: string;
  readonly tone: Tone;
  /** In x order. A value that is not a number breaks the line. */
  readonly points: readonly LinePoint[];
  /** Drawn faint and behind, without mark or label at its end: what a smoothed line stands for. */
  readonly isRaw?: boolean;
  /** Marks every point, for lines of few points. */
  readonly hasDots?: boolean;
}

/** A level to compare with, drawn across the whole chart. */
export interface ReferenceLine {
  readonly id: string;
  readonly label: string;
  readonly y: number;
  readonly kind: "baseline" | "chance";
}

export interface LineChartData {
  /** Right end of the x axis. */
  readonly xEnd: number;
  /** Its left end; 0, or the first point where it is logarithmic, when left out. */
  readonly xStart?: number;
  /** Logarithmic axes; what is not above 0 has no place on them and breaks the line. */
  readonly isXLog?: boolean;
  readonly isYLog?: boolean;
  /** x of fractions, such as seconds: ticks may lie between whole numbers. */
  readonly isXContinuous?: boolean;
  /** Lowest value the y axis must show; the data decides when left out. */
  readonly yMin?: number;
  readonly series: readonly LineSeries[];
  readonly references: readonly ReferenceLine[];
  readonly formatX: (x: number) => string;
  readonly formatY: (y: number) => string;
}

export interface ChartSize {
  readonly width: number;
  readonly height: number;
  /** Pixels kept free at the right for direct labels. */
  readonly labelWidth: number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface LineMark {
  readonly id: string;
  readonly tone: Tone;
  readonly path: string;
}

export interface LabelMark {
  readonly id: string;
  readonly text: string;
  readonly tone: Tone | "quiet";
  readonly x: number;
  readonly y: number;
  /** From the line's end to the label, where the label had to move. */
  readonly leader: string | null;
}

/** Everything the renderer draws, in pixels. */
export interface LineChartMarks {
  readonly plot: { readonly left: number; readonly right: number; top: number; bottom: number };
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly bands: readonly LineMark[];
  /** Behind the lines and fainter. */
  readonly rawLines: readonly LineMark[];
  readonly lines: readonly LineMark[];
  readonly dots: readonly { id: string; tone: Tone; x: number; y: number }[];
  /** Newest value of each series. */
  readonly ends: readonly { id: string; tone: Tone; x: number; y: number }[];
  readonly references: readonly { id: string; kind: ReferenceLine["kind"]; y: number }[];
  readonly labels: readonly LabelMark[];
}

const MARGIN = { left: 44, top: 10, bottom: 24 } as const;
const LABEL_GAP = 15; // one line of 12 px type
const LABEL_OFFSET = 10;

/** Where every line, band, level, tick and label of a chart goes. */
export function layoutLineChart(data: LineChartData, size: ChartSize): LineChartMarks {
  const plot = {
    left: MARGIN.left,
    right: Math.max(MARGIN.left + 1, size.width - size.labelWidth),
    top: MARGIN.top,
    bottom: Math.max(MARGIN.top + 1, size.height - MARGIN.bottom),
  };
  const yValues = yTicksOf(data, Math.max(2, (plot.bottom - plot.top) / 56));
  const yEnds = [yValues[0]!, yValues.at(-1)!] as const;
  const y = (data.isYLog ? logScale : linearScale)(yEnds, [plot.bottom, plot.top]);
  const { x, values: xValues } = xAxisOf(data, plot);
  const solid = data.series.filter(({ isRaw }) => !isRaw);
  const line = ({ id, tone, points }: LineSeries) => ({ id, tone, path: pathOf(points, x, y) });
  const ends = solid.flatMap((series) => endOf(series, x, y));
  return {
    plot,
    xTicks: xValues.map((value) => ({ at: rounded(x.toPixel(value)), label: data.formatX(value) })),
    yTicks: yValues.map((value) => ({ at: rounded(y.toPixel(value)), label: data.formatY(value) })),
    bands: solid.flatMap((series) => bandOf(series, x, y)),
    rawLines: data.series.filter(({ isRaw }) => isRaw).map(line),
    lines: solid.map(line),
    dots: solid.filter(({ hasDots }) => hasDots).flatMap((series) => dotsOf(series, x, y)),
    ends,
    references: data.references.flatMap(({ id, kind, y: level }) => {
      const at = rounded(y.toPixel(level));
      return Number.isFinite(at) ? [{ id, kind, y: at }] : [];
    }),
    labels: size.labelWidth > 40 ? labelsOf(data, ends, y, plot) : [],
  };
}

function yTicksOf(data: LineChartData, count: number): number[] {
  const [min, max] = extentOf(data);
  return data.isYLog ? logTicks(min, max, count) : roundTicks(min, max, count);
}

function xAxisOf(
  data: LineChartData,
  plot: LineChartMarks["plot"],
): { x: Scale; values: number[] } {
  const range = [plot.left, plot.right] as const;
  const count = Math.max(2, (plot.right - plot.left) / 90);
  if (!data.isXLog) {
    const { xStart = 0, xEnd } = data;
    const end = data.isXContinuous ? xEnd || 1 : Math.max(1, xEnd);
    const values = roundTicks(xStart, xEnd, count, data.isXContinuous ? 0 : 1);
    const inside = values.filter((at) => at >= xStart && at <= xEnd);
    return { x: linearScale([xStart, end], range), values: inside };
  }
  const shown = data.series.flatMap(({ points }) => points.map((point) => point.x));
  const start = shown.filter((at) => at > 0).reduce((a, b) => Math.min(a, b), data.xEnd || 1);
  const end = Math.max(data.xEnd, start);
  const inside = logTicks(start, end, count).filter((at) => at >= start && at <= end);
  // Between two ticks of a short axis there may be none: then its ends are named.
  const values = inside.length >= 2 ? inside : start === end ? [start] : [start, end];
  return { x: logScale([start, end], range), values };
}

function extentOf({ series, references, yMin, isYLog }: LineChartData): [number, number] {
  const values = [
    ...series.flatMap(({ points }) => points.flatMap(({ y, low, high }) => [y, low, high])),
    ...references.map(({ y }) => y),
    yMin,
  ].filter(
    (value): value is number =>
      value !== undefined && Number.isFinite(value) && (!isYLog || value > 0),
  );
  if (values.length === 0) return isYLog ? [0.1, 1] : [0, 1];
  // Not Math.min(...values): a long run has more points than a call takes arguments.
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  return min === max && yMin === min ? [min, min + 1] : [min, max];
}

function pathOf(points: readonly LinePoint[], x: Scale, y: Scale): string {
  let pen = "M";
  let path = "";
  for (const point of points) {
    const at = [rounded(x.toPixel(point.x)), rounded(y.toPixel(point.y))];
    if (!at.every(Number.isFinite)) {
      pen = "M";
      continue;
    }
    path += `${pen}${at[0]},${at[1]}`;
    pen = "L";
  }
  return path;
}

function bandOf({ id, tone, points }: LineSeries, x: Scale, y: Scale): LineMark[] {
  const path = unbroken(points)
    .filter((known) => known.length >= 2)
    .map((known) => {
      // Nothing lies below a logarithmic axis: the band ends at its foot.
      const foot = y.domain[0];
      const upper = known.map((point) => ({ x: point.x, y: point.high }));
      const lower = known.map((point) => ({ x: point.x, y: Math.max(point.low, foot) })).reverse();
      return `${pathOf([...upper, ...lower], x, y)}Z`;
    })
    .join("");
  return path ? [{ id, tone, path }] : [];
}

/** Stretches of neighbouring points that all have an interval. */
function unbroken(points: readonly LinePoint[]): { x: number; low: number; high: number }[][] {
  const stretches: { x: number; low: number; high: number }[][] = [[]];
  for (const { x, low = NaN, high = NaN } of points) {
    if (Number.isFinite(low) && Number.isFinite(high)) stretches.at(-1)?.push({ x, low, high });
    else if (stretches.at(-1)?.length) stretches.push([]);
  }
  return stretches;
}

function dotsOf({ id, tone, points }: LineSeries, x: Scale, y: Scale) {
  return points
    .map((point) => ({ id, tone, x: rounded(x.toPixel(point.x)), y: rounded(y.toPixel(point.y)) }))
    .filter((dot) => Number.isFinite(dot.x) && Number.isFinite(dot.y));
}

function endOf({ id, tone, points }: LineSeries, x: Scale, y: Scale) {
  const marks = points.map((point) => ({ x: x.toPixel(point.x), y: y.toPixel(point.y) }));
  const last = marks.findLast((mark) => Number.isFinite(mark.x) && Number.isFinite(mark.y));
  return last ? [{ id, tone, x: rounded(last.x), y: rounded(last.y) }] : [];
}

function labelsOf(
  data: LineChartData,
  ends: LineChartMarks["ends"],
  y: Scale,
  plot: LineChartMarks["plot"],
): LabelMark[] {
  const wanted = [
    ...ends.map(({ id, tone, x: endX, y: endY }) => ({
      id,
      tone,
      text: data.series.find((series) => series.id === id)?.label ?? "",
      from: endX,
      y: endY,
    })),
    ...data.references
      .map((line) => ({
        id: line.id,
        tone: "quiet" as const,
        text: line.label,
        from: plot.right,
        y: rounded(y.toPixel(line.y)),
      }))
      .filter((line) => Number.isFinite(line.y)),
  ];
  const heights = spreadLabels(wanted, LABEL_GAP, [plot.top, plot.bottom]);
  return wanted.map(({ id, tone, text, from, y: at }, i) => {
    const height = rounded(heights[i]!);
    const moved = Math.abs(height - at) > 1 || from < plot.right - 1;
    const leader = `M${from},${at}L${plot.right},${at}L${plot.right + LABEL_OFFSET - 2},${height}`;
    return {
      id,
      tone,
      text,
      x: plot.right + LABEL_OFFSET,
      y: height,
      leader: moved ? leader : null,
    };
  });
}
