import type { LagScan } from "../domain/hubQuery";
import { AppError } from "../errors";
import { rng, seedFrom } from "../math/rng";
import type { LagAgreement } from "./lagAgreement";
import { cutoffOf } from "./permutationNull";

const RESAMPLES = 400; // for whole numbers; a tail of 2.5 % is 10 of them
const TAIL = 0.025;
const SURROGATES = 99; // with the scan itself 100: 5 % are five
const LEAST_PAIRS = 8; // of a score
const LARGEST_LAG = 500; // a thousand points of a curve
const ROUNDING = 1e-9; // of scores that are 0 but for rounding
const MOST_CELLS = 1_024; // pieces of time that are resampled
const MOST_RIVALS = 64; // offsets that a resampling can put the peak at: the highest
const RESAMPLING = 0.3; // of the progress
const CELLS_A_STEP = 64; // between two chances to stop

/** The largest offset that streams of so many moments can be scanned for: half of them; 0: none. */
export function mostLag(moments: number): number {
  const half = Math.floor(moments / 2);
  return half < LEAST_PAIRS ? 0 : Math.min(LARGEST_LAG, half);
}

/** @throws AppError `data/too-few` for an offset that streams of so many moments are too short for. */
export function checkLag(most: number, moments: number): void {
  const fits = mostLag(moments);
  if (most >= 1 && most <= fits) return;
  const offers =
    fits < 1
      ? `a scan takes at least ${2 * LEAST_PAIRS}`
      : `offsets up to ${fits} can be tried, not ${most}`;
  throw new AppError("data/too-few", `${moments} items in the order of time: ${offers}`);
}

/**
 * Agreement of two streams by the offset between them, its peak, and what chance gives.
 *
 * - The peak is the highest score, of equal ones the smallest offset. Its interval is that of the
 *   peaks of 400 resamplings of stretches of about √N moments (circular block bootstrap), because
 *   neighbours in time are not independent. Stretches start where one of at most 1,024 cells of
 *   time does, and the peak lies at one of the 64 highest offsets.
 * - `null95`: 99 surrogates of one stream vary in time as it does and know nothing of the other. The
 *   largest score over all offsets, of these and of the scan itself, is at or below `null95` in 95 of
 *   100. A peak that is not above it says nothing.
 *
 * Yields shares done.
 *
 * @throws AppError `data/too-few` for streams too short for these offsets or with too many gaps.
 *
 * Source: Politis and Romano 1992 (circular block bootstrap); the largest over all offsets, against
 * picking the luckiest: Westfall and Young 1993; surrogates: `unrelatedDots`.
 */
export function* scanLags(
  agreement: LagAgreement,
  { seed }: { readonly seed: number },
): Generator<number, Pick<LagScan, "items" | "points" | "peak" | "null95">> {
  const { moments, most, scores, pairs } = agreement;
  checkLag(most, moments);
  const points = Array.from(scores, (score, i) => {
    const lag = i - most;
    if (pairs[i]! >= LEAST_PAIRS) return { lag, score: withoutRounding(score) };
    const detail = `at offset ${lag} only ${pairs[i]} items have a partner in time`;
    throw new AppError("data/too-few", detail);
  });
  const best = peakOf(points);
  const [low, high] = yield* peakInterval(agreement, points, seed);
  const surrogates = agreement.unrelated(SURROGATES, rng(seedFrom(seed, "surrogates")));
  let step = surrogates.next();
  for (; !step.done; step = surrogates.next()) yield RESAMPLING + (1 - RESAMPLING) * step.value;
  yield 1;
  return {
    items: pairs[most]!,
    points,
    peak: { ...best, low, high },
    null95: cutoffOf(step.value.map(withoutRounding), best.score),
  };
}

interface Point {
  readonly lag: number;
  readonly score: number;
}

const withoutRounding = (score: number) => (Math.abs(score) < ROUNDING ? 0 : score);

/** The highest first; of equal ones that nearest to 0, then the earlier of two. */
const byRank = (a: Point, b: Point) =>
  b.score - a.score || Math.abs(a.lag) - Math.abs(b.lag) || a.lag - b.lag;

function peakOf(points: readonly Point[]): Point {
  return points.reduce((best, point) => (byRank(point, best) < 0 ? point : best));
}

function* peakInterval(agreement: LagAgreement, points: readonly Point[], seed: number) {
  const rivals = [...points].sort(byRank).slice(0, MOST_RIVALS);
  const { moments } = agreement;
  const cell = Math.ceil(moments / MOST_CELLS);
  const cells = Math.ceil(moments / cell);
  const sums: Float64Array[] = [];
  const counts: Float64Array[] = [];
  for (const { lag } of rivals) {
    const [sum, count] = [new Float64Array(cells), new Float64Array(cells)];
    for (let i = 0; i < cells; i++) {
      const part = agreement.part(lag, i * cell, Math.min(moments, (i + 1) * cell));
      sum[i] = part.sum;
      count[i] = part.pairs;
      if (i % CELLS_A_STEP === 0) yield (RESAMPLING * (sums.length + i / cells)) / rivals.length;
    }
    sums.push(runningSums(sum));
    counts.push(runningSums(count));
  }
  const stretch = Math.ceil(Math.sqrt(moments) / cell);
  const random = rng(seedFrom(seed, "lag"));
  const starts = new Uint32Array(Math.ceil(cells / stretch));
  const peaks = Float64Array.from({ length: RESAMPLES }, () => {
    for (let i = 0; i < starts.length; i++) starts[i] = Math.floor(random() * cells);
    const over = (running: Float64Array) =>
      starts.reduce((sum, start) => sum + running[start + stretch]! - running[start]!, 0);
    const resampled = rivals.map(({ lag }, i) => {
      const count = over(counts[i]!);
      return { lag, score: count > 0 ? withoutRounding(over(sums[i]!) / count) : -Infinity };
    });
    return peakOf(resampled).lag;
  }).sort();
  const last = RESAMPLES - 1;
  return [peaks[Math.floor(TAIL * last)]!, peaks[Math.ceil((1 - TAIL) * last)]!] as const;
}

/** Sums of what stands before each place, twice round the ring. [2 N + 1] */
function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(2 * values.length + 1);
  for (let i = 0; i + 1 < sums.length; i++) sums[i + 1] = sums[i]! + values[i % values.length]!;
  return sums;
}
