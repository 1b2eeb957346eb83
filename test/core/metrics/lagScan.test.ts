import { describe, expect, it } from "vitest";
import {
  dot,
  matrix,
  normalizeRows,
  row,
  takeRows,
  type Matrix,
} from "../../../src/core/math/matrix";
import { normal } from "../../../src/core/math/normal";
import { permutation, rng } from "../../../src/core/math/rng";
import { ckaSide, unbiasedCka } from "../../../src/core/metrics/cka";
import { ckaAgreement } from "../../../src/core/metrics/ckaLagAgreement";
import {
  cosineAgreement,
  type LagAgreement,
  type Stream,
} from "../../../src/core/metrics/lagAgreement";
import { checkLag, mostLag, scanLags } from "../../../src/core/metrics/lagScan";
import { ckaScore, cosineScore } from "../../oracles/lagAgreement";

function finish<T>(work: Generator<number, T>): T {
  let last = 0;
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    expect(step.value).toBeGreaterThanOrEqual(last); // progress never falls
    expect(step.value).toBeLessThanOrEqual(1);
    last = step.value;
  }
}

const stream = (rows: Matrix, holes: readonly number[] = []): Stream => ({
  rows,
  present: Uint8Array.from({ length: rows.rows }, (_, t) => Number(!holes.includes(t))),
});

/** `moments` steps of a walk that forgets: neighbours in time are alike by `memory`. */
function walk(moments: number, width: number, { seed = 1, memory = 0 } = {}): Matrix {
  const random = rng(seed);
  const out = matrix(moments, width);
  for (let t = 0; t < moments; t++) {
    for (let d = 0; d < width; d++) {
      const before = t > 0 ? out.data[(t - 1) * width + d]! : normal(random);
      out.data[t * width + d] = memory * before + Math.sqrt(1 - memory ** 2) * normal(random);
    }
  }
  return out;
}

/** What a second sensor records of the same: `lag` windows later, with as much noise, on a ring. */
function recording(signal: Matrix, lag: number, { seed = 9, noise = 1 } = {}): Matrix {
  const random = rng(seed);
  const at = (t: number) => (((t - lag) % signal.rows) + signal.rows) % signal.rows;
  const moved = takeRows(
    signal,
    Array.from({ length: signal.rows }, (_, t) => at(t)),
  );
  return { ...moved, data: moved.data.map((value) => value + noise * normal(random)) };
}

type Compare = (a: Matrix, b: Matrix, most: number, holes?: readonly number[]) => LagAgreement;
const shared: Compare = (a, b, most, holes = []) =>
  finish(cosineAgreement(stream(normalizeRows(a), holes), stream(normalizeRows(b)), most));
const raw: Compare = (a, b, most, holes = []) =>
  finish(ckaAgreement(stream(a, holes), stream(b), most));
const scan = (agreement: LagAgreement, seed = 0) => finish(scanLags(agreement, { seed }));

describe.each([
  ["shared", shared],
  ["raw", raw],
] as const)("a lag scan, %s", (_, compare) => {
  it.each([3, -3, 0, 7])("finds a planted lag of %d windows through noise", (lag) => {
    const signal = walk(100, 8, { memory: 0.5 });
    const { peak, null95, items, points } = scan(compare(signal, recording(signal, lag), 10));
    expect(peak.lag).toBe(lag);
    expect(peak.score).toBeGreaterThan(null95);
    expect([peak.low, peak.high]).toEqual([lag, lag]);
    expect(items).toBe(100);
    expect(points.map((point) => point.lag)).toEqual(Array.from({ length: 21 }, (_, i) => i - 10));
  });

  it("finds a lag of 30 windows in 3,000, more offsets than are resampled", () => {
    const signal = walk(3_000, 4, { memory: 0.8 });
    const { peak, null95 } = scan(compare(signal, recording(signal, 30, { noise: 2 }), 60));
    expect(peak).toMatchObject({ lag: 30, low: 30, high: 30 });
    expect(peak.score).toBeGreaterThan(null95);
  });

  it.each([0.5, 0.95])(
    "passes unrelated streams no more than 1 in 20 times, memory %d",
    (memory) => {
      const trials = 40;
      let above = 0;
      for (let seed = 0; seed < trials; seed++) {
        const signal = walk(60, 4, { seed, memory });
        const other =
          seed % 2 === 0
            ? recording(walk(60, 4, { seed: seed + 500, memory }), 0)
            : takeRows(recording(signal, 3), permutation(60, rng(seed)));
        const { peak, null95 } = scan(compare(signal, other, 3), seed);
        above += Number(peak.score > null95);
      }
      expect(above).toBeLessThanOrEqual(6); // two expected; more than six: once in two hundred
    },
  );

  it("has no peak where one stream is constant", () => {
    const constant = { ...matrix(60, 3), data: new Float32Array(180).fill(0.3) };
    for (const other of [constant, walk(60, 3)]) {
      const { peak, null95, points } = scan(compare(constant, other, 4));
      expect(peak.score).not.toBeGreaterThan(null95);
      expect(points.every(({ score }) => score === 0)).toBe(true);
      expect(peak).toEqual({ lag: 0, score: 0, low: 0, high: 0 });
    }
  });

  it("keeps the time of those around an item that is missing", () => {
    const signal = walk(80, 8, { memory: 0.5 });
    const other = recording(signal, 3);
    const holes = [0, 5, 6, 7, 60, 79];
    const { peak, items } = scan(compare(signal, other, 5, holes));
    expect(peak.lag).toBe(3);
    expect(items).toBe(74);
    const noise = matrix(80, 8, signal.data.slice());
    for (const t of holes) noise.data.fill(1e6, t * 8, (t + 1) * 8);
    expect(compare(noise, other, 5, holes).scores).toEqual(compare(signal, other, 5, holes).scores);
  });

  it("is the same scan with the same seed, and its mirror with the streams exchanged", () => {
    const signal = walk(50, 5, { memory: 0.5 });
    const other = recording(signal, -2);
    const once = scan(compare(signal, other, 10));
    expect(scan(compare(signal, other, 10))).toEqual(once);
    const mirrored = scan(compare(other, signal, 10)).points.toReversed();
    mirrored.forEach(({ lag, score }, i) => {
      expect(lag + once.points[i]!.lag).toBe(0);
      expect(score).toBeCloseTo(once.points[i]!.score, 6);
    });
  });

  it("refuses NaN, streams of unequal length, and too many gaps", () => {
    const broken = walk(60, 4);
    broken.data[30 * 4] = NaN;
    expect(() => compare(broken, walk(60, 4), 2)).toThrow(/NaN/);
    expect(() => compare(walk(60, 4), walk(59, 4), 2)).toThrow(/sizes/);
    expect(scan(compare(broken, walk(60, 4), 2, [30])).items).toBe(59);
    const most = Array.from({ length: 55 }, (_, t) => t);
    expect(() => scan(compare(walk(60, 4), walk(60, 4), 2, most))).toThrow(/partner/);
  });

  it("is the sum of its parts at every offset", () => {
    const [a, b] = [walk(40, 3, { seed: 2 }), walk(40, 3, { seed: 3 })];
    const agreement = compare(a, b, 6, [4, 17]);
    for (const lag of [-6, -1, 0, 5]) {
      const parts = [0, 11, 30].map((start, i) => agreement.part(lag, start, [11, 30, 40][i]!));
      const [sum, pairs] = [parts.reduce((s, p) => s + p.sum, 0), agreement.pairs[lag + 6]!];
      expect(parts.reduce((s, p) => s + p.pairs, 0)).toBe(pairs);
      expect(sum / pairs).toBeCloseTo(agreement.scores[lag + 6]!, 6);
    }
  });
});

describe("the score", () => {
  const holes = [3, 4, 11];
  const lags = [-5, -1, 0, 2, 5];

  it("of cosines is that of aligned items less that of all others, at every offset", () => {
    const a = normalizeRows(walk(24, 3, { seed: 2 }));
    const b = normalizeRows(walk(24, 3, { seed: 3 }));
    for (const without of [[], holes]) {
      const { scores } = shared(a, b, 5, without);
      for (const lag of lags) {
        const expected = cosineScore(stream(a, without), stream(b), lag);
        expect(scores[lag + 5]).toBeCloseTo(expected, 6);
      }
    }
    const [aligned, others]: [number[], number[]] = [[], []];
    for (let t = 0; t < 24; t++) {
      for (let u = 0; u < 24; u++) (t === u ? aligned : others).push(dot(row(a, t), row(b, u)));
    }
    const average = (of: readonly number[]) => of.reduce((s, v) => s + v, 0) / of.length;
    expect(shared(a, b, 0).scores[0]).toBeCloseTo(average(aligned) - average(others), 6);
  });

  it("of raw embeddings is unbiased CKA, at every offset", () => {
    const [x, y] = [walk(24, 5, { seed: 2 }), walk(24, 4, { seed: 3 })];
    expect(raw(x, y, 0).scores[0]).toBeCloseTo(unbiasedCka(ckaSide(x), ckaSide(y)), 6);
    for (const without of [[], holes]) {
      const { scores } = raw(x, y, 5, without);
      for (const lag of lags) {
        expect(scores[lag + 5]).toBeCloseTo(ckaScore(stream(x, without), stream(y), lag), 6);
      }
    }
  });

  it("of streams far from 0 and of several blocks of time is the definition's", () => {
    const [x, y] = [walk(260, 3, { seed: 4 }), walk(260, 2, { seed: 5 })];
    const far = { ...x, data: x.data.map((value) => value + 100) };
    const expected = ckaScore(stream(x), stream(y), 7);
    expect(raw(far, y, 9).scores[16]).toBeCloseTo(expected, 4);
  });

  it("of few moments is a number, or none", () => {
    for (const moments of [1, 2, 3]) {
      const few = walk(moments, 2);
      for (const agreement of [shared(few, few, 1), raw(few, few, 1)]) {
        expect(Number.isFinite(agreement.scores[1])).toBe(true);
        expect(agreement.pairs[1]).toBe(moments);
      }
    }
  });
});

it("takes the smallest offset of equal scores, the earlier of two", () => {
  const flat = (scoreOf: (lag: number) => number): LagAgreement => ({
    ...{ moments: 20, most: 10, pairs: new Uint32Array(21).fill(20) },
    scores: Float64Array.from({ length: 21 }, (_, i) => scoreOf(i - 10)),
    part: (lag, start, end) => ({ sum: (end - start) * scoreOf(lag), pairs: end - start }),
    *unrelated(count) {
      yield 0;
      return new Array<number>(count).fill(0);
    },
  });
  expect(scan(flat(() => 0.5)).peak).toEqual({ lag: 0, score: 0.5, low: 0, high: 0 });
  const three = scan(flat((lag) => Number(Math.abs(lag) === 3)));
  expect(three).toMatchObject({ peak: { lag: -3, low: -3, high: -3 }, null95: 0 });
});

describe("mostLag", () => {
  it("is half of the moments, and nothing is scanned beyond", () => {
    expect([0, 15, 16, 101, 1e6].map(mostLag)).toEqual([0, 0, 8, 50, 500]);
    const pair = (moments: number) => [walk(moments, 3), walk(moments, 3, { seed: 7 })] as const;
    expect(() => scan(shared(...pair(60), 31))).toThrow(/offsets up to 30 can be tried, not 31/);
    expect(() => scan(shared(...pair(15), 1))).toThrow(/at least 16/);
    expect(() => checkLag(NaN, 60)).toThrow(/too few/);
  });
});
