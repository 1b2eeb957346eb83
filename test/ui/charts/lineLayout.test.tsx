import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { spreadLabels } from "../../../src/ui/charts/labels";
import { layoutLineChart, type LineChartData } from "../../../src/ui/charts/lineLayout";
import { LineMarks } from "../../../src/ui/charts/LineMarks";
import { logScale, logTicks, roundTicks } from "../../../src/ui/charts/scale";

const SIZE = { width: 640, height: 280, labelWidth: 150 };
const percent = (y: number) => `${Math.round(y * 100)} %`;

const recall: LineChartData = {
  xEnd: 300,
  yMin: 0,
  series: [
    {
      id: "imageToText",
      label: "image → text 41 %",
      tone: "image",
      points: [
        { x: 0, y: 0.02, low: 0, high: 0.05 },
        { x: 100, y: 0.33, low: 0.27, high: 0.39 },
        { x: 200, y: 0.41, low: 0.35, high: 0.47 },
      ],
    },
    {
      id: "textToImage",
      label: "text → image 39 %",
      tone: "text",
      points: [
        { x: 0, y: 0.01, low: 0, high: 0.04 },
        { x: 100, y: 0.3, low: 0.24, high: 0.36 },
        { x: 200, y: 0.39, low: 0.33, high: 0.45 },
      ],
    },
  ],
  references: [
    { id: "csa", label: "CSA 38 %", y: 0.38, kind: "baseline" },
    { id: "chance", label: "chance 0.6 %", y: 0.006, kind: "chance" },
  ],
  formatX: String,
  formatY: percent,
};

const svg = (data: LineChartData, size = SIZE) =>
  renderToStaticMarkup(
    createElement(LineMarks, {
      marks: layoutLineChart(data, size),
      width: size.width,
      height: size.height,
      summary: "recall",
    }),
  )
    .replaceAll(/ class="_(\w+)_\w+"/g, ' class="$1"') // without the hash of the CSS module
    .replaceAll("><", ">\n<");

describe("layoutLineChart", () => {
  it("draws recall with bands, levels and labels as before", async () => {
    await expect(svg(recall)).toMatchFileSnapshot("snapshots/recall.svg");
    await expect(svg(recall, { width: 288, height: 240, labelWidth: 124 })).toMatchFileSnapshot(
      "snapshots/recall-narrow.svg",
    );
  });

  it("shows NaN as a break and never as a coordinate", () => {
    const points = [1, NaN, 3, 2].map((y, x) => ({ x, y }));
    const data: LineChartData = {
      ...recall,
      xEnd: 3,
      references: [],
      series: [{ id: "loss", label: "loss", tone: "ink", points }],
    };
    const [line] = layoutLineChart(data, SIZE).lines;
    expect(line?.path.match(/M/g)).toHaveLength(2);
    expect(svg(data)).not.toContain("NaN");
  });

  it.each([
    ["nothing", []],
    ["one point", [{ x: 0, y: 5 }]],
    ["a constant", [0, 1, 2].map((x) => ({ x, y: 0 }))],
    ["only NaN", [{ x: 0, y: NaN }]],
  ])("stays finite for %s", (_, points) => {
    const data: LineChartData = {
      ...recall,
      xEnd: 0,
      references: [],
      series: [{ id: "loss", label: "loss", tone: "ink", points }],
    };
    expect(svg(data)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("keeps every label apart from its neighbours", () => {
    const { labels, plot } = layoutLineChart(recall, SIZE);
    const heights = labels.map(({ y }) => y).sort((a, b) => a - b);
    for (let i = 1; i < heights.length; i++) {
      expect(heights[i]! - heights[i - 1]!).toBeGreaterThanOrEqual(14.9);
    }
    expect(heights[0]).toBeGreaterThanOrEqual(plot.top);
    expect(heights.at(-1)).toBeLessThanOrEqual(plot.bottom);
  });
});

describe("logarithmic axes", () => {
  const loss: LineChartData = {
    xEnd: 1000,
    isXLog: true,
    isYLog: true,
    series: [
      {
        id: "a",
        label: "a",
        tone: "series-2",
        points: [
          { x: 0, y: 9 },
          { x: 10, y: 100 },
          { x: 100, y: 1 },
          { x: 500, y: 0 },
          { x: 1000, y: 0.01 },
        ],
      },
    ],
    references: [{ id: "zero", label: "zero", y: 0, kind: "baseline" }],
    formatX: String,
    formatY: String,
  };

  it("gives equal ratios equal distances", () => {
    const { toPixel } = logScale([1, 100], [0, 200]);
    expect([1, 10, 100].map(toPixel)).toEqual([0, 100, 200]);
    expect(toPixel(0)).toBeNaN();
  });

  it("starts at the first value above 0 and breaks the line where a value has no place", () => {
    const { lines, plot, xTicks, references, labels } = layoutLineChart(loss, SIZE);
    expect(lines[0]?.path).toMatch(new RegExp(`^M${plot.left},`));
    expect(lines[0]?.path.match(/M/g)).toHaveLength(2);
    expect(xTicks.map(({ label }) => label)).toEqual([
      "10",
      "20",
      "50",
      "100",
      "200",
      "500",
      "1000",
    ]);
    expect(references).toEqual([]);
    expect(labels.map(({ id }) => id)).toEqual(["a"]);
    expect(svg(loss)).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each([
    ["nothing", []],
    ["only zero", [{ x: 0, y: 0 }]],
    ["one point", [{ x: 300, y: 5 }]],
    ["a short stretch", [301, 302, 303].map((x) => ({ x, y: 0.3 }))],
  ])("stays finite for %s", (_, points) => {
    const data = { ...loss, xEnd: 303, series: [{ ...loss.series[0]!, points }] };
    expect(svg(data)).not.toMatch(/NaN|Infinity|undefined/);
    expect(layoutLineChart(data, SIZE).xTicks.length).toBeGreaterThan(0);
  });

  it("has round ticks around the data, never more than there is room for", () => {
    expect(logTicks(10, 1000, 3)).toEqual([10, 100, 1000]);
    expect(logTicks(120, 900, 6)).toEqual([100, 200, 500, 1000]);
    expect(logTicks(0.003, 0.2, 4)).toEqual([0.001, 0.01, 0.1, 1]);
    expect(logTicks(1e-9, 1e9, 4).length).toBeLessThanOrEqual(6);
    expect(logTicks(5, 5, 4).length).toBeGreaterThan(1);
  });
});

describe("smoothed lines", () => {
  it("draws the raw values behind, with no mark and no label", () => {
    const [first] = recall.series;
    const raw = { ...first!, id: "raw", isRaw: true };
    const marks = layoutLineChart({ ...recall, series: [raw, first!] }, SIZE);
    expect(marks.rawLines.map(({ id }) => id)).toEqual(["raw"]);
    expect(marks.lines.map(({ id }) => id)).toEqual([first!.id]);
    expect([...marks.ends, ...marks.labels].map(({ id }) => id)).not.toContain("raw");
  });

  it("breaks the band where the line breaks", () => {
    const points = [0, 1, NaN, 3, 4].map((y, x) => ({ x, y, low: y - 1, high: y + 1 }));
    const series = [{ ...recall.series[0]!, points }];
    expect(layoutLineChart({ ...recall, series }, SIZE).bands[0]?.path.match(/Z/g)).toHaveLength(2);
  });
});

describe("roundTicks", () => {
  it("spans the data in steps of 1, 2 or 5", () => {
    expect(roundTicks(0, 0.47, 5)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(roundTicks(1.7, 5.2, 3)).toEqual([0, 2, 4, 6]);
    expect(roundTicks(0, 3, 10, 1)).toEqual([0, 1, 2, 3]);
    expect(roundTicks(14.3, 14.3, 4).length).toBeGreaterThan(1);
  });
});

describe("spreadLabels", () => {
  it("moves only what collides and keeps the order", () => {
    expect(spreadLabels([{ y: 10 }, { y: 100 }, { y: 12 }], 15, [0, 200])).toEqual([10, 100, 25]);
    expect(spreadLabels([{ y: 200 }, { y: 199 }], 15, [0, 200])).toEqual([200, 185]);
  });
});
