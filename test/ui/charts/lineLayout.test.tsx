import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { spreadLabels } from "../../../src/ui/charts/labels";
import { layoutLineChart, type LineChartData } from "../../../src/ui/charts/lineLayout";
import { LineMarks } from "../../../src/ui/charts/LineMarks";
import { roundTicks } from "../../../src/ui/charts/scale";

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
