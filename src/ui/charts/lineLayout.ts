import { spreadLabels } from "./labels";
import { linearScale, rounded, roundTicks, type LinearScale } from "./scale";

/** Modality colours, or ink for what belongs to neither side. */
export type Tone = "image" | "text" | "ink";

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
}

/** A level to compare with, drawn across the whole chart. */
export interface ReferenceLine {
  readonly id: string;
  readonly label: string;
  readonly y: number;
  readonly kind: "baseline" | "chance";
}

export interface LineChartData {
  /** Right end of the x axis; it starts at 0. */
  readonly xEnd: number;
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
  readonly lines: readonly LineMark[];
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
  const yValues = roundTicks(...extentOf(data), Math.max(2, (plot.bottom - plot.top) / 56));
  const xValues = roundTicks(0, data.xEnd, Math.max(2, (plot.right - plot.left) / 90), 1);
  const x = linearScale([0, Math.max(1, data.xEnd)], [plot.left, plot.right]);
  const y = linearScale([yValues[0]!, yValues.at(-1)!], [plot.bottom, plot.top]);
  const ends = data.series.flatMap((series) => endOf(series, x, y));
  return {
    plot,
    xTicks: xValues
      .filter((value) => value <= data.xEnd)
      .map((value) => ({ at: rounded(x.toPixel(value)), label: data.formatX(value) })),
    yTicks: yValues.map((value) => ({ at: rounded(y.toPixel(value)), label: data.formatY(value) })),
    bands: data.series.flatMap((series) => bandOf(series, x, y)),
    lines: data.series.map(({ id, tone, points }) => ({ id, tone, path: pathOf(points, x, y) })),
    ends,
    references: data.references.map((line) => ({
      id: line.id,
      kind: line.kind,
      y: rounded(y.toPixel(line.y)),
    })),
    labels: size.labelWidth > 40 ? labelsOf(data, ends, y, plot) : [],
  };
}

function extentOf({ series, references, yMin }: LineChartData): [number, number] {
  const values = [
    ...series.flatMap(({ points }) => points.flatMap(({ y, low, high }) => [y, low, high])),
    ...references.map(({ y }) => y),
    yMin,
  ].filter((value) => value !== undefined && Number.isFinite(value)) as number[];
  if (values.length === 0) return [0, 1];
  // Not Math.min(...values): a long run has more points than a call takes arguments.
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  return min === max && yMin === min ? [min, min + 1] : [min, max];
}

function pathOf(points: readonly LinePoint[], x: LinearScale, y: LinearScale): string {
  let pen = "M";
  let path = "";
  for (const point of points) {
    if (!Number.isFinite(point.y)) {
      pen = "M";
      continue;
    }
    path += `${pen}${rounded(x.toPixel(point.x))},${rounded(y.toPixel(point.y))}`;
    pen = "L";
  }
  return path;
}

function bandOf({ id, tone, points }: LineSeries, x: LinearScale, y: LinearScale): LineMark[] {
  const known = points.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  if (known.length < 2) return [];
  const upper = known.map((point) => ({ x: point.x, y: point.high! }));
  const lower = known.map((point) => ({ x: point.x, y: point.low! })).reverse();
  return [{ id, tone, path: `${pathOf([...upper, ...lower], x, y)}Z` }];
}

function endOf({ id, tone, points }: LineSeries, x: LinearScale, y: LinearScale) {
  const last = points.findLast((point) => Number.isFinite(point.y));
  if (!last) return [];
  return [{ id, tone, x: rounded(x.toPixel(last.x)), y: rounded(y.toPixel(last.y)) }];
}

function labelsOf(
  data: LineChartData,
  ends: LineChartMarks["ends"],
  y: LinearScale,
  plot: LineChartMarks["plot"],
): LabelMark[] {
  const wanted = [
    ...ends.map(({ id, tone, x: endX, y: endY }) => ({
      id,
      tone,
      text: data.series.find((series) => series.id === id)!.label,
      from: endX,
      y: endY,
    })),
    ...data.references.map((line) => ({
      id: line.id,
      tone: "quiet" as const,
      text: line.label,
      from: plot.right,
      y: rounded(y.toPixel(line.y)),
    })),
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
