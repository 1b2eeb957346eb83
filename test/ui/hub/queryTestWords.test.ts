import { describe, expect, it } from "vitest";
import type { DegradationCurve, LagScan, MissingTable } from "../../../src/core/domain/hubQuery";
import { layoutLineChart } from "../../../src/ui/charts/lineLayout";
import { degradeChart, degradeSummary } from "../../../src/ui/features/hub/tests/degradeChart";
import { lagChart, lagVerdict } from "../../../src/ui/components/lag/lagChart";
import { missingCsv } from "../../../src/ui/features/hub/tests/missingCsv";
import { retrieval } from "../../support/retrieval";

const nameOf = (id: string) => (id === "sounds" ? "Sounds, spoken" : id);
const chance = { "1": 0.01, "5": 0.05, "10": 0.1 };
const at = (value: number) => retrieval(value).imageToText;

function scan(lag: number, score: number, change: Partial<LagScan> = {}): LagScan {
  const points = Array.from({ length: 11 }, (_, i) => ({ lag: i - 5, score: 0.01 }));
  return {
    ...{ space: "shared", items: 200, null95: 0.05 },
    points: points.map((point) => (point.lag === lag ? { lag, score } : point)),
    peak: { lag, score, low: lag - 1, high: lag + 1 },
    ...change,
  };
}

describe("the verdict of a lag scan", () => {
  it("names a peak with its interval only above what unrelated streams give", () => {
    expect(lagVerdict(scan(3, 0.4))).toBe(
      "Peak at +3 windows (+2 to +4), above what unrelated streams give.",
    );
    expect(lagVerdict(scan(3, 0.4), "sound")).toContain("Peak at +3 sounds");
    expect(lagVerdict(scan(-1, 0.4))).toContain("Peak at −1 window (−2 to 0)");
    for (const score of [0.05, 0.01, NaN]) {
      expect(lagVerdict(scan(3, score))).toMatch(/^No peak above what unrelated/);
    }
  });

  it("says that clocks agree at 0, and to look further where the peak lies at the edge", () => {
    expect(lagVerdict(scan(0, 0.4))).toContain("The clocks agree.");
    expect(lagVerdict(scan(5, 0.4))).toContain("try larger ones");
    expect(lagVerdict(scan(4, 0.4))).not.toContain("try larger ones");
  });
});

it("draws negative offsets left of 0 and the level of unrelated streams across", () => {
  const marks = layoutLineChart(lagChart(scan(3, 0.4)), {
    width: 640,
    height: 220,
    labelWidth: 12,
  });
  const labels = marks.xTicks.map(({ label }) => label);
  expect(labels).toContain("0");
  expect(labels.some((label) => label.startsWith("−"))).toBe(true);
  const xs = marks.dots.map(({ x }) => x);
  expect(xs).toHaveLength(11);
  expect(Math.min(...xs)).toBeCloseTo(marks.plot.left, 0);
  expect(Math.max(...xs)).toBeCloseTo(marks.plot.right, 0);
  expect(marks.references).toHaveLength(1);
});

describe("a degradation", () => {
  const request = {
    ...{ hubId: "h", sources: ["text", "sounds"], target: "image", worsened: "sounds" },
    ...{ how: "noise" as const, seed: 0 },
  };
  const curve: DegradationCurve = {
    points: [
      { amount: 0, result: at(0.8) },
      { amount: 1, result: at(0.2) },
    ],
    without: at(0.6),
    chance,
  };

  it("is drawn beside the level without the part and chance", () => {
    const data = degradeChart(curve, request, nameOf);
    expect(data.references.map(({ id, y }) => [id, y])).toEqual([
      ["without", 0.6],
      ["chance", 0.1],
    ]);
    expect(data.series.map(({ points }) => points.map(({ y }) => y))).toEqual([
      [0.8, 0.2],
      [0.4, 0.1],
    ]);
  });

  it("has no level without the part where it is the only one", () => {
    const alone = degradeChart({ ...curve, without: null }, request, nameOf);
    expect(alone.references.map(({ id }) => id)).toEqual(["chance"]);
    expect(degradeSummary({ ...curve, without: null }, request, nameOf)).toBe(
      "recall@10 goes from 80.0 % to 20.0 % with Sounds, spoken made worse by noise.",
    );
  });
});

it("writes a row per combination with 1 for what was there, quoting names", () => {
  const table: MissingTable = {
    ...{ target: "image", queries: 60, chance: { "1": 0.01 } },
    rows: [
      { present: ["text"], result: at(0.6) },
      { present: ["text", "sounds"], result: at(0.8) },
    ],
  };
  const request = { hubId: "h", sources: ["text", "sounds"], target: "image" };
  const [head, first, second] = missingCsv(table, request, nameOf).split(/\r?\n/);
  expect(head).toContain('"with Sounds, spoken"');
  expect(first).toMatch(/^1,0,image,60,60,0\.3,/);
  expect(second).toMatch(/^1,1,image,60,60,0\.4,/);
});
