import {
  layoutLineChart,
  type LabelMark,
  type LineChartData,
  type LineChartMarks,
  type LineMark,
  type Tone,
} from "./lineLayout";
import {
  attributesOf,
  FILE_COLOURS,
  svgPage,
  svgText,
  type ChartCaption,
  type ChartFile,
} from "./svgPage";

interface LineSvgOptions {
  readonly caption: ChartCaption;
  readonly xLabel: string;
  /** Room for direct labels at the right. */
  readonly labelWidth: number;
}

const SIZE = { width: 860, height: 380 } as const;
const X_LABEL_HEIGHT = 22;

/** Colour and dash of each tone, as LineChart.module.css has them in the light theme. */
const TONES: Readonly<Record<Tone | "quiet", { colour: string; dash?: string }>> = {
  image: { colour: FILE_COLOURS.image },
  text: { colour: FILE_COLOURS.text },
  audio: { colour: FILE_COLOURS.audio },
  sensor: { colour: FILE_COLOURS.sensor },
  ink: { colour: FILE_COLOURS.ink },
  quiet: { colour: FILE_COLOURS.quiet },
  "series-1": { colour: FILE_COLOURS.image },
  "series-2": { colour: FILE_COLOURS.text, dash: "7 3" },
  "series-3": { colour: FILE_COLOURS.audio, dash: "2.5 2.5" },
  "series-4": { colour: FILE_COLOURS.sensor, dash: "9 3 2 3" },
  "series-5": { colour: FILE_COLOURS.ink },
  "series-6": { colour: FILE_COLOURS.video, dash: "12 3" },
  "series-7": { colour: FILE_COLOURS.quiet, dash: "4 2" },
  "series-8": { colour: FILE_COLOURS.lineStrong, dash: "9 2 2 2 2 2" },
};

/** A line chart as a file: what the screen shows, in the light theme, with its caption. */
export function lineChartSvg(data: LineChartData, options: LineSvgOptions): ChartFile {
  const { caption, xLabel, labelWidth } = options;
  const marks = layoutLineChart(data, { ...SIZE, labelWidth: Math.max(labelWidth, 120) });
  const { plot } = marks;
  const axis = svgText(xLabel, {
    ...{ x: (plot.left + plot.right) / 2, y: SIZE.height + 12 },
    ...{ "text-anchor": "middle", fill: FILE_COLOURS.quiet },
  });
  const svg = [...drawn(marks), axis].join("\n");
  return svgPage(caption, { svg, width: SIZE.width, height: SIZE.height + X_LABEL_HEIGHT });
}

function drawn(marks: LineChartMarks): string[] {
  return [
    ...axes(marks),
    ...marks.bands.map(({ tone, path }) => element("path", { d: path, ...filled(tone, 0.14) })),
    ...marks.rawLines.map((mark) => linePath(mark, { "stroke-width": 1, opacity: 0.4 })),
    ...marks.lines.map((mark) => {
      const { dash } = TONES[mark.tone];
      return linePath(mark, { "stroke-width": 1.75, ...(dash && { "stroke-dasharray": dash }) });
    }),
    ...marks.dots.map(({ tone, x, y }) =>
      element("circle", { cx: x, cy: y, r: 2.5, ...filled(tone) }),
    ),
    ...marks.ends.map(({ tone, x, y }) =>
      tone === "image"
        ? element("rect", { x: x - 4, y: y - 4, width: 8, height: 8, ...filled(tone) })
        : element("circle", { cx: x, cy: y, r: 4, ...filled(tone) }),
    ),
    ...marks.labels.flatMap(label),
  ];
}

function axes({ plot, yTicks, xTicks, references }: LineChartMarks): string[] {
  const across = (y: number) => ({ x1: plot.left, x2: plot.right, y1: y, y2: y });
  const tick = { fill: FILE_COLOURS.quiet };
  return [
    ...yTicks.map(({ at }) => element("line", { ...across(at), stroke: FILE_COLOURS.line })),
    ...yTicks.map(({ at, label: words }) =>
      svgText(words, { x: plot.left - 8, y: at, dy: "0.32em", "text-anchor": "end", ...tick }),
    ),
    ...xTicks.map(({ at, label: words }) =>
      svgText(words, { x: at, y: plot.bottom + 17, "text-anchor": "middle", ...tick }),
    ),
    ...references.map(({ kind, y }) =>
      element("line", {
        ...across(y),
        stroke: FILE_COLOURS.lineStrong,
        "stroke-dasharray": kind === "chance" ? "1.5 3" : "5 4",
      }),
    ),
  ];
}

function label({ text, tone, x, y, leader }: LabelMark): string[] {
  const words = svgText(text, {
    ...{ x, y, dy: "0.32em", "font-weight": tone === "quiet" ? 400 : 500 },
    fill: tone === "quiet" ? FILE_COLOURS.quiet : FILE_COLOURS.ink,
  });
  if (!leader) return [words];
  const stroke = { fill: "none", stroke: FILE_COLOURS.lineStrong, "stroke-width": 0.75 };
  return [element("path", { d: leader, ...stroke }), words];
}

const linePath = ({ tone, path }: LineMark, style: Readonly<Record<string, string | number>>) =>
  element("path", {
    ...{ d: path, fill: "none", stroke: TONES[tone].colour, "stroke-linejoin": "round" },
    ...style,
  });

const filled = (tone: Tone, opacity = 1) => ({
  fill: TONES[tone].colour,
  ...(opacity < 1 && { opacity }),
});

const element = (name: string, attributes: Readonly<Record<string, string | number>>) =>
  `<${name}${attributesOf(attributes)}/>`;
