// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { chartFileName } from "../../../src/ui/charts/chartImage";
import { gridSvg } from "../../../src/ui/charts/gridSvg";
import { lineChartSvg } from "../../../src/ui/charts/lineSvg";
import { escapeXml, wrapText } from "../../../src/ui/charts/svgPage";
import type { LineChartData } from "../../../src/ui/charts/lineLayout";

const recall: LineChartData = {
  xEnd: 200,
  yMin: 0,
  series: [
    {
      ...{ id: "a", label: "image → text 41 %", tone: "image" },
      points: [
        { x: 0, y: 0.02, low: 0, high: 0.05 },
        { x: 200, y: 0.41, low: 0.35, high: 0.47 },
      ],
    },
    { id: "b", label: "<b> & “c”", tone: "series-2", points: [{ x: 10, y: 0.2 }] },
  ],
  references: [{ id: "chance", label: "chance 0.6 %", y: 0.006, kind: "chance" }],
  formatX: String,
  formatY: (y) => `${Math.round(y * 100)} %`,
};

const caption = {
  title: "Held-out recall@10",
  lines: ["Run “first”, 21 Nov 2026.", "324 queries in a gallery of 300; chance 0.6 %."],
};

const parsed = (svg: string) => {
  const document = new DOMParser().parseFromString(svg, "image/svg+xml");
  expect(document.querySelector("parsererror")).toBeNull();
  return document.documentElement;
};
const textsOf = (svg: string) =>
  [...parsed(svg).querySelectorAll("text")].map(({ textContent }) => textContent);

describe("a chart as a file", () => {
  it("has title, axis, labels and caption, and needs nothing besides itself", async () => {
    const { svg, width, height } = lineChartSvg(recall, {
      caption,
      xLabel: "Step",
      labelWidth: 150,
    });
    const root = parsed(svg);
    expect([root.getAttribute("width"), root.getAttribute("height")]).toEqual([
      String(width),
      String(height),
    ]);
    expect(textsOf(svg)).toEqual(
      expect.arrayContaining([
        ...["Held-out recall@10", "Step", "image → text 41 %", "<b> & “c”", "chance 0.6 %"],
        ...caption.lines,
      ]),
    );
    expect(svg).not.toMatch(/class=|var\(|url\(|href|<style|@import/);
    expect(svg.match(/https?:[^"]*/g)).toEqual(["http://www.w3.org/2000/svg"]);
    await expect(svg).toMatchFileSnapshot("snapshots/recall-file.svg");
  });

  it("draws a grid of tinted cells with their numbers, rows and columns named", async () => {
    const grid = {
      ...{ rows: ["cat", "dog"], columns: ["cat", "a very long name that is cut off somewhere"] },
      corner: "truth ↓ predicted →",
      cells: [
        { words: "9", share: 0.9, isStrong: true },
        { words: "1", share: 0.1 },
        { words: "0", share: 0 },
        { words: "n/a", share: Number.NaN },
      ],
    };
    const { svg } = gridSvg(grid, caption);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(["cat", "dog", "9", "1", "0", "n/a"]));
    const tints = [...parsed(svg).querySelectorAll("rect[fill-opacity]")];
    expect(tints.map((rect) => Number(rect.getAttribute("fill-opacity")))).toEqual([
      0.378, 0.042, 0, 0,
    ]);
    await expect(svg).toMatchFileSnapshot("snapshots/grid-file.svg");
  });

  it("is drawn of nothing at all", () => {
    const empty = { ...recall, series: [], references: [] };
    parsed(lineChartSvg(empty, { caption, xLabel: "Step", labelWidth: 12 }).svg);
    parsed(gridSvg({ rows: [], columns: [], corner: "", cells: [] }, { title: "", lines: [] }).svg);
  });

  it("takes any text for text", () => {
    const nasty = `</text><script>alert(1)</script> "&" \u0000\u0007\ud800 \u{1f600}`;
    const { svg } = lineChartSvg(recall, {
      ...{ xLabel: nasty, labelWidth: 12 },
      caption: { title: nasty, lines: [nasty] },
    });
    expect(parsed(svg).querySelector("script")).toBeNull();
    expect(escapeXml(nasty)).not.toMatch(/[<>"\u0000\u0007]/);
    expect(escapeXml("\u{1f600}")).toBe("\u{1f600}");
  });

  it("wraps its caption between words, and cuts what is longer than a line", () => {
    expect(wrapText("one two three", 60, 10)).toEqual(["one two", "three"]);
    expect(wrapText("abcdefghijklmnopqrstuvwxyz", 60, 10).join("")).toBe(
      "abcdefghijklmnopqrstuvwxyz",
    );
    expect(wrapText("", 60, 10)).toEqual([]);
  });

  it("gets a name that every system takes", () => {
    expect(chartFileName("Held-out recall@10", "Käfer: 2/3")).toBe("held-out-recall-10-kafer-2-3");
    expect(chartFileName("→")).toBe("chart");
  });
});
