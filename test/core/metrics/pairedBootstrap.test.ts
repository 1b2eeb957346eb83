import { describe, expect, it } from "vitest";
import { permutation, rng } from "../../../src/core/math/rng";
import { pairedBootstrap } from "../../../src/core/metrics/pairedBootstrap";
import { meanReciprocalRank, recallAtK } from "../../../src/core/metrics/retrieval";

const ranks = (...values: number[]) => Uint32Array.from(values);
const at1 = { recallAt: 1 };

/** Ranks of two runs over n queries: right with `base`, the second run with `gain` more. */
function twoRuns(n: number, base: number, gain: number, random: () => number) {
  const hard = Array.from({ length: n }, () => random());
  const of = (chance: number) =>
    Uint32Array.from(hard, (h) => (0.7 * h + 0.3 * random() < chance ? 0 : 4));
  return { worse: of(base), better: of(base + gain) };
}

/** Mean, standard deviation of the mean: what the interval and p come to for many queries. */
function normalTheory(a: Uint32Array, b: Uint32Array) {
  const d = Array.from(a, (rank, i) => Number(rank < 1) - Number(b[i]! < 1));
  const mean = d.reduce((n, v) => n + v, 0) / d.length;
  const variance = d.reduce((n, v) => n + (v - mean) ** 2, 0) / d.length;
  return { mean, error: Math.sqrt(variance / d.length) };
}

describe("the paired bootstrap", () => {
  it("gives the difference of the recalls, or of the reciprocal ranks", () => {
    const { worse, better } = twoRuns(200, 0.4, 0.1, rng(1));
    const recall = pairedBootstrap(better, worse, { recallAt: 5 }, { seed: 1 });
    expect(recall.difference).toBeCloseTo(recallAtK(better, 5) - recallAtK(worse, 5), 12);
    const reciprocal = pairedBootstrap(better, worse, "reciprocal", { seed: 1 });
    const expected = meanReciprocalRank(better) - meanReciprocalRank(worse);
    expect(reciprocal.difference).toBeCloseTo(expected, 12);
  });

  it("agrees with the normal theory of paired differences on many queries", () => {
    const { worse, better } = twoRuns(2_000, 0.4, 0.03, rng(2));
    const { difference, low, high, p } = pairedBootstrap(better, worse, at1, { seed: 1 });
    const { mean, error } = normalTheory(better, worse);
    expect(difference).toBeCloseTo(mean, 12);
    expect(Math.abs(low - (mean - 1.96 * error))).toBeLessThan(0.15 * error);
    expect(Math.abs(high - (mean + 1.96 * error))).toBeLessThan(0.15 * error);
    const tail = 1 - erf(Math.abs(mean) / error / Math.SQRT2);
    expect(Math.abs(p - tail)).toBeLessThan(0.03);
  });

  it("covers the true difference about 95 times in 100, and rejects no difference about 5 times", () => {
    const random = rng(3);
    let [covered, rejected] = [0, 0];
    for (let trial = 0; trial < 120; trial++) {
      const { worse, better } = twoRuns(60, 0.5, 0.1, random);
      const { low, high } = pairedBootstrap(better, worse, at1, { seed: trial });
      // h and r uniform: P(0.7 h + 0.3 r < c) = (c − 0.15) / 0.7 for c in [0.3, 0.7].
      covered += Number(low <= 0.1 / 0.7 && 0.1 / 0.7 <= high);
      const same = twoRuns(60, 0.5, 0, random);
      rejected += Number(pairedBootstrap(same.better, same.worse, at1, { seed: trial }).p < 0.05);
    }
    // 120 trials: 95 % ± 2.5 standard errors of 2 points.
    expect(covered / 120).toBeGreaterThan(0.9);
    expect(rejected / 120).toBeLessThan(0.1);
    expect(rejected).toBeGreaterThan(0);
  });

  it("sees a difference that the runs' own intervals would hide", () => {
    // 12 of 100 queries more, none lost; each recall alone is known to ± 10 points.
    const worse = Uint32Array.from({ length: 100 }, (_, i) => (i < 40 ? 0 : 9));
    const better = Uint32Array.from({ length: 100 }, (_, i) => (i < 52 ? 0 : 9));
    const { low, p } = pairedBootstrap(better, worse, at1, { seed: 1 });
    expect(low).toBeGreaterThan(0.05);
    expect(p).toBeLessThan(0.01);
  });

  it("is the other way round for the runs the other way round", () => {
    const { worse, better } = twoRuns(300, 0.4, 0.1, rng(4));
    const there = pairedBootstrap(better, worse, at1, { seed: 1 });
    const back = pairedBootstrap(worse, better, at1, { seed: 1 });
    expect(back.difference).toBeCloseTo(-there.difference, 12);
    expect(Math.abs(back.low + there.high)).toBeLessThan(0.01);
  });

  it("does not depend on the order of the queries", () => {
    const { worse, better } = twoRuns(80, 0.4, 0.1, rng(5));
    const clusters = Uint32Array.from({ length: 80 }, (_, i) => i >> 2);
    const order = permutation(80, rng(6));
    const turn = (values: Uint32Array) => Uint32Array.from(order, (i) => values[i]!);
    for (const own of [undefined, clusters]) {
      const before = pairedBootstrap(better, worse, "reciprocal", { seed: 1, clusters: own });
      const turned = { seed: 1, clusters: own && turn(own) };
      expect(pairedBootstrap(turn(better), turn(worse), "reciprocal", turned)).toEqual(before);
    }
  });

  it("is less sure where queries come in clusters that succeed together", () => {
    const one = twoRuns(60, 0.4, 0.2, rng(7));
    const fivefold = (values: Uint32Array) =>
      Uint32Array.from({ length: 300 }, (_, i) => values[Math.floor(i / 5)]!);
    const [better, worse] = [fivefold(one.better), fivefold(one.worse)];
    const clusters = Uint32Array.from({ length: 300 }, (_, i) => Math.floor(i / 5));
    const alone = pairedBootstrap(better, worse, at1, { seed: 1 });
    const together = pairedBootstrap(better, worse, at1, { seed: 1, clusters });
    expect(together.difference).toBeCloseTo(alone.difference, 12);
    // The variance of a mean of 60 rather than 300: √5 times as wide.
    const ratio = (together.high - together.low) / (alone.high - alone.low);
    expect(ratio).toBeGreaterThan(1.9);
    expect(ratio).toBeLessThan(2.6);
  });

  it("says 1 of runs that do not differ", () => {
    const same = ranks(0, 3, 0, 7);
    expect(pairedBootstrap(same, same, at1, { seed: 1 })).toEqual({
      difference: 0,
      low: 0,
      high: 0,
      p: 1,
    });
  });

  it("refuses runs that answered other queries, and none", () => {
    const shape = expect.objectContaining({ code: "data/shape" });
    expect(() => pairedBootstrap(ranks(0, 1), ranks(0), at1, { seed: 1 })).toThrow(shape);
    const tooFew = expect.objectContaining({ code: "data/too-few" });
    expect(() => pairedBootstrap(ranks(), ranks(), at1, { seed: 1 })).toThrow(tooFew);
  });
});

/** Abramowitz and Stegun 7.1.26: within 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 1 - series * Math.exp(-x * x);
}
