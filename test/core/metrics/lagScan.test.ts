import { describe, expect, it } from "vitest";
import { matrix, normalizeRows, takeRows, type Matrix } from "../../../src/core/math/matrix";
import { normal } from "../../../src/core/math/normal";
import { permutation, rng } from "../../../src/core/math/rng";
import { ckaSide, unbiasedCka } from "../../../src/core/metrics/cka";
import {
  ckaAgreement,
  cosineAgreement,
  type LagAgreement,
  type Stream,
} from "../../../src/core/metrics/lagAgreement";
import { mostLag, scanLags } from "../../../src/core/metrics/lagScan";

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

const shared = (a: Matrix, b: Matrix, holes: readonly number[] = []) =>
  finish(cosineAgreement(stream(normalizeRows(a), holes), stream(normalizeRows(b))));
const raw = (a: Matrix, b: Matrix, holes: readonly number[] = []) =>
  finish(ckaAgreement(stream(a, holes), stream(b)));
const scan = (agreement: LagAgreement, most = 10, seed = 0) =>
  finish(scanLags(agreement, { most, seed }));
const mean = (values: Float64Array) => {
  const known = values.filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
};

describe.each([
  ["shared", shared, 100, 24],
  ["raw", raw, 90, 8], // every offset of every shuffling takes N² products
] as const)("a lag scan, %s", (_, agreement, moments, trials) => {
  it.each([3, -3, 0, 7])("finds a planted lag of %d windows through noise", (lag) => {
    const signal = walk(moments, 8, { memory: 0.5 });
    const { peak, null95, items, points } = scan(agreement(signal, recording(signal, lag)));
    expect(peak.lag).toBe(lag);
    expect(peak.score).toBeGreaterThan(null95);
    expect([peak.low, peak.high]).toEqual([lag, lag]);
    expect(items).toBe(moments);
    expect(points.map((point) => point.lag)).toEqual(Array.from({ length: 21 }, (_, i) => i - 10));
  });

  it("stays below what chance gives where nothing ties the streams, but for 5 %", () => {
    let above = 0;
    for (let seed = 0; seed < trials; seed++) {
      const signal = walk(50, 6, { seed, memory: 0.5 });
      const other =
        seed % 2 === 0
          ? recording(walk(50, 6, { seed: seed + 500, memory: 0.5 }), 0)
          : takeRows(recording(signal, 3), permutation(50, rng(seed)));
      const { peak, null95 } = scan(agreement(signal, other), 3, seed);
      above += Number(peak.score > null95);
    }
    expect(above).toBeLessThanOrEqual(1 + trials / 8); // one in twenty expected
  });

  it("has no peak where one stream is constant", () => {
    const constant = { ...matrix(60, 3), data: new Float32Array(180).fill(0.3) };
    for (const other of [constant, walk(60, 3)]) {
      const { peak, null95, points } = scan(agreement(constant, other), 4);
      expect(peak.score).not.toBeGreaterThan(null95);
      if (other === constant) {
        expect(points.every(({ score }) => score === 0)).toBe(true);
        expect(peak).toEqual({ lag: 0, score: 0, low: 0, high: 0 });
      }
    }
  });

  it("keeps the time of those around an item that is missing", () => {
    const signal = walk(80, 8, { memory: 0.5 });
    const other = recording(signal, 3);
    const holes = [0, 5, 6, 7, 60, 79];
    const { peak, items } = scan(agreement(signal, other, holes), 5);
    expect(peak.lag).toBe(3);
    expect(items).toBe(74);
    const noise = matrix(80, 8, signal.data.slice());
    for (const t of holes) noise.data.fill(1e6, t * 8, (t + 1) * 8);
    expect(agreement(noise, other, holes).at(2)).toEqual(agreement(signal, other, holes).at(2));
  });

  it("is the same scan with the same seed, and its mirror with the streams exchanged", () => {
    const signal = walk(50, 5, { memory: 0.5 });
    const other = recording(signal, -2);
    const once = scan(agreement(signal, other));
    expect(scan(agreement(signal, other))).toEqual(once);
    const mirrored = scan(agreement(other, signal)).points.toReversed();
    mirrored.forEach(({ lag, score }, i) => {
      expect(lag + once.points[i]!.lag).toBe(0);
      expect(score).toBeCloseTo(once.points[i]!.score, 9);
    });
  });

  it("refuses NaN, streams of unequal length, and too many gaps", () => {
    const broken = walk(60, 4);
    broken.data[30 * 4] = NaN;
    expect(() => agreement(broken, walk(60, 4))).toThrow(/NaN/);
    expect(() => agreement(walk(60, 4), walk(59, 4))).toThrow(/sizes/);
    expect(scan(agreement(broken, walk(60, 4), [30]), 2).items).toBe(59);
    const most = Array.from({ length: 55 }, (_, t) => t);
    expect(() => scan(agreement(walk(60, 4), walk(60, 4), most), 2)).toThrow(/partner/);
  });
});

describe("the score", () => {
  const order = permutation(24, rng(1));
  const product = (a: Matrix, i: number, b: Matrix, j: number) =>
    Array.from({ length: a.cols }, (_, d) => d).reduce(
      (sum, d) => sum + a.data[i * a.cols + d]! * b.data[j * b.cols + d]!,
      0,
    );
  const average = (values: readonly number[]) => values.reduce((s, v) => s + v, 0) / values.length;

  it("of cosines is that of aligned items less that of all others", () => {
    const a = normalizeRows(walk(24, 3, { seed: 2 }));
    const b = normalizeRows(walk(24, 3, { seed: 3 }));
    const [aligned, others]: [number[], number[]] = [[], []];
    for (let t = 0; t < 24; t++) {
      for (let u = 0; u < 24; u++) (t === u ? aligned : others).push(product(a, t, b, u));
    }
    const agreement = shared(a, b);
    expect(mean(agreement.at(0))).toBeCloseTo(average(aligned) - average(others), 6);
    const moments = Array.from({ length: 24 }, (_, t) => t);
    const ofRow = moments.map((t) => average(moments.map((u) => product(a, t, b, u))));
    const ofColumn = moments.map((u) => average(moments.map((t) => product(a, t, b, u))));
    const expected = moments
      .slice(0, 19)
      .map((t) => product(a, t, b, t + 5) - ofRow[t]! - ofColumn[t + 5]! + average(ofRow));
    expect(mean(agreement.at(5))).toBeCloseTo((24 / 23) * average(expected), 6);
    expect([...agreement.shuffled(order).at(-2)]).toEqual(
      [...shared(a, takeRows(b, order)).at(-2)].map((v) => (v === v ? expect.closeTo(v, 9) : v)),
    );
  });

  it("of raw embeddings is unbiased CKA, also of what is shuffled", () => {
    const [x, y] = [walk(24, 5, { seed: 2 }), walk(24, 4, { seed: 3 })];
    const agreement = raw(x, y);
    expect(mean(agreement.at(0))).toBeCloseTo(unbiasedCka(ckaSide(x), ckaSide(y)), 9);
    const shuffled = takeRows(y, order);
    expect(mean(agreement.shuffled(order).at(0))).toBeCloseTo(
      unbiasedCka(ckaSide(x), ckaSide(shuffled)),
      9,
    );
    expect(mean(agreement.shuffled(order).at(4))).toBeCloseTo(mean(raw(x, shuffled).at(4)), 9);
  });

  it("of few moments is a number, or none", () => {
    for (const moments of [1, 2, 3]) {
      const few = walk(moments, 2);
      for (const agreement of [shared(few, few), raw(few, few)]) {
        expect(agreement.at(0)).toHaveLength(moments);
        expect(agreement.at(0).every(Number.isFinite)).toBe(true);
      }
    }
  });
});

it("takes the smallest offset of equal scores, the earlier of two", () => {
  const flat = (scoreOf: (lag: number) => number): LagAgreement => ({
    moments: 20,
    at: (lag) => new Float64Array(20).fill(scoreOf(lag)),
    shuffled: () => flat(() => 0),
  });
  expect(scan(flat(() => 0.5)).peak).toEqual({ lag: 0, score: 0.5, low: 0, high: 0 });
  const three = scan(flat((lag) => Number(Math.abs(lag) === 3)));
  expect(three).toMatchObject({ peak: { lag: -3, low: -3, high: -3 }, null95: 0 });
});

describe("mostLag", () => {
  it("is half of the moments, and nothing is scanned beyond", () => {
    expect([0, 15, 16, 101, 1e6].map(mostLag)).toEqual([0, 0, 8, 50, 500]);
    const agreement = shared(walk(60, 3), walk(60, 3, { seed: 7 }));
    expect(() => scan(agreement, 31)).toThrow(/offsets up to 30 can be tried, not 31/);
    expect(() => scan(shared(walk(15, 3), walk(15, 3)), 1)).toThrow(/at least 16/);
    expect(() => scan(agreement, NaN)).toThrow(/too few/);
  });
});
