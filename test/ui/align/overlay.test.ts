import { describe, expect, it } from "vitest";
import {
  MAX_OVERLAID,
  overlayChart,
  overlaySummary,
  smoothed,
} from "../../../src/ui/features/align/overlay";
import { point, retrieval } from "../../support/retrieval";
import { sampleRun } from "../../support/samples";

const points = (...ys: number[]) => ys.map((y, x) => ({ x, y }));
const ys = (some: readonly { y: number }[]) => some.map(({ y }) => y);

const CHOICE = { value: "10", x: "step", smoothing: 0, isXLog: false, isYLog: false } as const;
const runOf = (id: string, ...recalls: number[]) => ({
  run: sampleRun(id, "p1", { name: `run ${id}` }),
  history: recalls.map((recall, i) => ({
    ...point(i + 1, retrieval(recall)),
    elapsedMs: 1500 * i,
  })),
});

describe("smoothed", () => {
  it("changes nothing at weight 0 and starts where the values start", () => {
    expect(ys(smoothed(points(3, 1, 4), 0))).toEqual([3, 1, 4]);
    expect(smoothed(points(3, 1, 4), 0.9)[0]?.y).toBeCloseTo(3, 12);
  });

  it("is the weighted mean of what came before", () => {
    const [, second] = smoothed(points(1, 4), 0.5);
    expect(second?.y).toBeCloseTo((0.25 * 1 + 0.5 * 4) / 0.75, 12);
  });

  it("leaves a constant constant, however long", () => {
    for (const { y } of smoothed(points(...new Array<number>(500).fill(0.7)), 0.99)) {
      expect(y).toBeCloseTo(0.7, 12);
    }
  });

  it("keeps NaN where it was and counts it for nothing", () => {
    const [, gap, after] = smoothed(points(2, NaN, 2), 0.6);
    expect(gap?.y).toBeNaN();
    expect(after?.y).toBeCloseTo(2, 12);
  });
});

describe("overlayChart", () => {
  it("draws the mean of both directions of each run in a tone of its own", () => {
    const { series, xEnd } = overlayChart([runOf("a", 0.2, 0.4), runOf("b", 0.6)], CHOICE);
    // The fixture's other direction is half as good.
    expect(ys(series[0]?.points ?? [])[1]).toBeCloseTo(0.3, 12);
    expect(series.map(({ tone }) => tone)).toEqual(["series-1", "series-2"]);
    expect(series[0]?.label).toBe("run a 30.0 %");
    expect(xEnd).toBe(2);
  });

  it("keeps the raw values behind a smoothed line", () => {
    const { series } = overlayChart([runOf("a", 0.2, 0.4)], { ...CHOICE, smoothing: 0.5 });
    expect(series.map(({ isRaw = false }) => isRaw)).toEqual([true, false]);
    expect(series[0]?.tone).toBe(series[1]?.tone);
    expect(series[0]?.points[1]?.y).toBeCloseTo(0.3, 12);
    expect(series[1]?.points[1]?.y).toBeLessThan(0.3);
  });

  it("counts time in seconds and puts a logarithm only under the loss", () => {
    const runs = [runOf("a", 0.2, 0.4, 0.5)];
    const time = overlayChart(runs, { ...CHOICE, x: "time", isYLog: true });
    expect(time).toMatchObject({ xEnd: 3, isXContinuous: true, isYLog: false });
    expect(time.formatX(1.5)).toBe("1.5 s");
    const loss = overlayChart(runs, { ...CHOICE, value: "loss", isYLog: true });
    expect(loss.isYLog).toBe(true);
    expect(ys(loss.series[0]?.points ?? [])).toEqual([5, 2.5, 5 / 3]);
  });

  it("draws no more lines than can be told apart, and none without complaint", () => {
    const many = Array.from({ length: 12 }, (_, i) => runOf(String(i), 0.1, 0.2));
    expect(overlayChart(many, CHOICE).series).toHaveLength(MAX_OVERLAID);
    expect(overlayChart([], CHOICE).series).toEqual([]);
  });

  it("says where every line ends", () => {
    expect(overlaySummary([runOf("a", 0.2, 0.4), runOf("b")], CHOICE)).toBe(
      "Validation recall@10, mean of both directions. At the end: run a 30.0 %, run b without a value.",
    );
  });
});
