import { matrix, normalizeRows, type Matrix } from "../../src/core/math/matrix";
import { normal } from "../../src/core/math/normal";
import { rng } from "../../src/core/math/rng";
import { ckaAgreement } from "../../src/core/metrics/ckaLagAgreement";
import { cosineAgreement, type Stream } from "../../src/core/metrics/lagAgreement";
import { scanLags } from "../../src/core/metrics/lagScan";

/**
 * The lag scan: how long it takes, and how often unrelated streams pass it.
 *
 *   npx tsx test/bench/lagScan.ts time 100000     seconds by part, planted lags of 0, 3, 7 and 30
 *   npx tsx test/bench/lagScan.ts chance 200      share of that many unrelated pairs that pass
 */
const [task = "time", size = "100000"] = process.argv.slice(2);

function finish<T>(work: Generator<number, T>): { value: T; longestMs: number } {
  let longestMs = 0;
  for (;;) {
    const start = performance.now();
    const step = work.next();
    longestMs = Math.max(longestMs, performance.now() - start);
    if (step.done) return { value: step.value, longestMs };
  }
}

const stream = (rows: Matrix): Stream => ({ rows, present: new Uint8Array(rows.rows).fill(1) });

/** Steps of a walk that forgets: neighbours are alike by `memory`; 1 never forgets. */
function walk(moments: number, width: number, seed: number, memory: number): Matrix {
  const random = rng(seed);
  const out = matrix(moments, width);
  const step = memory < 1 ? Math.sqrt(1 - memory ** 2) : 1;
  for (let t = 0; t < moments; t++) {
    for (let d = 0; d < width; d++) {
      const before = t > 0 ? out.data[(t - 1) * width + d]! : memory < 1 ? normal(random) : 0;
      out.data[t * width + d] = memory * before + step * normal(random);
    }
  }
  return out;
}

/** One of four states at a time, each kept for some moments: captions of a recording. */
function states(moments: number, width: number, seed: number, kept: number): Matrix {
  const random = rng(seed);
  const known = walk(4, width, seed + 1, 0);
  const out = matrix(moments, width);
  for (let t = 0, state = 0; t < moments; t++) {
    if (random() < 1 / kept) state = Math.floor(4 * random());
    for (let d = 0; d < width; d++) out.data[t * width + d] = known.data[state * width + d]!;
  }
  return out;
}

const kinds = {
  shared: (a: Matrix, b: Matrix, most: number) =>
    cosineAgreement(stream(normalizeRows(a)), stream(normalizeRows(b)), most),
  raw: (a: Matrix, b: Matrix, most: number) => ckaAgreement(stream(a), stream(b), most),
};

function timeOf(moments: number): void {
  for (const [kind, width, most] of [
    ["shared", 256, 20],
    ["raw", 16, 20],
    ["shared", 256, 500],
    ["raw", 16, 500],
  ] as const) {
    const signal = walk(moments + 64, width, 1, 0.8);
    const random = rng(2);
    for (const lag of most === 20 ? [0, 3, 7] : [30]) {
      const part = (shift: number) =>
        matrix(
          moments,
          width,
          signal.data
            .slice((32 - shift) * width, (32 - shift + moments) * width)
            .map((value) => value + 3 * normal(random)),
        );
      const [a, b] = [part(0), part(lag)];
      const start = performance.now();
      const before = process.cpuUsage();
      const agreement = finish(kinds[kind](a, b, most));
      const compared = performance.now();
      const scan = finish(scanLags(agreement.value, { seed: 0 }));
      const used = process.cpuUsage(before);
      const seconds = (ms: number) => (ms / 1000).toFixed(1);
      const { peak, null95 } = scan.value;
      console.log(
        `${kind} ${moments} moments of ${width}, ±${most}, planted ${lag}: ` +
          `compare ${seconds(compared - start)} s, scan ${seconds(performance.now() - compared)} s, ` +
          `processor ${((used.user + used.system) / 1e6).toFixed(1)} s, longest step ${seconds(Math.max(agreement.longestMs, scan.longestMs))} s; ` +
          `found ${peak.lag} [${peak.low}, ${peak.high}], ${peak.score.toFixed(4)} > ${null95.toFixed(4)}`,
      );
    }
  }
}

function chanceOf(trials: number): void {
  const settings: readonly (readonly [
    number,
    number,
    (seed: number, n: number) => Matrix,
    string,
  ])[] = [
    [90, 5, (seed, n) => walk(n, 6, seed, 0), "walk, memory 0"],
    [90, 5, (seed, n) => walk(n, 6, seed, 0.6), "walk, memory 0.6"],
    [90, 10, (seed, n) => walk(n, 6, seed, 0.8), "walk, memory 0.8"],
    [200, 10, (seed, n) => walk(n, 6, seed, 0.6), "walk, memory 0.6"],
    [200, 10, (seed, n) => walk(n, 6, seed, 0.9), "walk, memory 0.9"],
    [200, 10, (seed, n) => walk(n, 6, seed, 0.97), "walk, memory 0.97"],
    [1000, 20, (seed, n) => walk(n, 6, seed, 0.98), "walk, memory 0.98"],
    [200, 10, (seed, n) => states(n, 6, seed, 20), "states of 20 moments"],
    [200, 10, (seed, n) => walk(n, 6, seed, 1), "walk that never forgets"],
  ];
  for (const [moments, most, make, name] of settings) {
    for (const [kind, compare] of Object.entries(kinds)) {
      let above = 0;
      for (let seed = 0; seed < trials; seed++) {
        const [a, b] = [make(3 * seed + 1, moments), make(3 * seed + 1_000_003, moments)];
        const { peak, null95 } = finish(
          scanLags(finish(compare(a, b, most)).value, { seed }),
        ).value;
        above += Number(peak.score > null95);
      }
      console.log(
        `${kind} ${moments} moments, ±${most}, ${name}: ${((100 * above) / trials).toFixed(1)} % of ${trials}`,
      );
    }
  }
}

if (task === "time") timeOf(Number(size));
else chanceOf(Number(size));
