import type { LagScan } from "../domain/hubQuery";
import { AppError } from "../errors";
import { permutation, rng, seedFrom, type Rng } from "../math/rng";
import type { LagAgreement } from "./lagAgreement";
import { cutoffOf } from "./permutationNull";

const RESAMPLES = 400; // for whole numbers; a tail of 2.5 % is 10 of them
const TAIL = 0.025;
const SHUFFLES = 99; // with the scan itself 100: 5 % are five
const LEAST_PAIRS = 8; // of a score
const LARGEST_LAG = 500; // a thousand points of a curve
const ROUNDING = 1e-9; // of scores that are 0 but for rounding

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
 *   peaks of 400 resamplings of stretches of ⌈√N⌉ moments (circular block bootstrap), because
 *   neighbours in time are not independent.
 * - `null95`: stretches of that length of one stream change places, which keeps what each stream is
 *   from one moment to the next and ends what ties the two. The largest score over all offsets, of
 *   99 such shufflings and of the scan itself, is at or below `null95` in 95 of 100. A peak that
 *   is not above it says nothing.
 *
 * Yields shares done, in [0, 1].
 *
 * @param most at least 1, at most `mostLag(moments)`.
 * @throws AppError `data/too-few` for streams too short for these offsets or with too many gaps.
 *
 * Source: Politis and Romano 1992 (circular block bootstrap); the largest over all offsets, against
 * picking the luckiest: Westfall and Young 1993.
 */
export function* scanLags(
  agreement: LagAgreement,
  { most, seed }: { readonly most: number; readonly seed: number },
): Generator<number, Pick<LagScan, "items" | "points" | "peak" | "null95">> {
  const { moments } = agreement;
  checkLag(most, moments);
  const lags = Array.from({ length: 2 * most + 1 }, (_, i) => i - most);
  const values = lags.map((lag) => agreement.at(lag));
  const points = lags.map((lag, i) => ({ lag, score: scoreOf(values[i]!, lag) }));
  const best = peakOf(points);
  const largest: number[] = [];
  const random = rng(seedFrom(seed, "shuffle"));
  for (let s = 0; s < SHUFFLES; s++) {
    yield s / SHUFFLES;
    const shuffled = agreement.shuffled(shuffledStretches(moments, random));
    largest.push(Math.max(...lags.map((lag) => meanOf(shuffled.at(lag)))));
  }
  const [low, high] = peakInterval(values, lags, seed);
  yield 1;
  return {
    items: values[most]!.filter(Number.isFinite).length,
    points,
    peak: { ...best, low, high },
    null95: cutoffOf(largest, best.score),
  };
}

/** Moments in time again after stretches of them changed places, cut where chance has it. */
function shuffledStretches(moments: number, random: Rng): Uint32Array {
  const stretch = stretchOf(moments);
  const start = Math.floor(random() * moments);
  const order: number[] = [];
  for (const place of permutation(Math.ceil(moments / stretch), random)) {
    const end = Math.min((place + 1) * stretch, moments);
    for (let t = place * stretch; t < end; t++) order.push((start + t) % moments);
  }
  return Uint32Array.from(order);
}

const stretchOf = (moments: number) => Math.ceil(Math.sqrt(moments));

interface Point {
  readonly lag: number;
  readonly score: number;
}

function scoreOf(values: Float64Array, lag: number): number {
  const known = values.filter(Number.isFinite).length;
  if (known < LEAST_PAIRS) {
    const detail = `at offset ${lag} only ${known} items have a partner in time`;
    throw new AppError("data/too-few", detail);
  }
  return meanOf(values);
}

/** Mean of those known; too few to mean anything have none. */
function meanOf(values: Float64Array): number {
  let [sum, known] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    known++;
  }
  return known < LEAST_PAIRS ? -Infinity : withoutRounding(sum / known);
}

const withoutRounding = (score: number) => (Math.abs(score) < ROUNDING ? 0 : score);

/** The highest; of equal ones that nearest to 0, the earlier of two. */
function peakOf(points: readonly Point[]): Point {
  const nearest = [...points].sort((a, b) => Math.abs(a.lag) - Math.abs(b.lag) || a.lag - b.lag);
  return nearest.reduce((best, point) => (point.score > best.score ? point : best));
}

function peakInterval(values: readonly Float64Array[], lags: readonly number[], seed: number) {
  const moments = values[0]!.length;
  const stretch = stretchOf(moments);
  const sums = values.map((of) => runningSums(of, (value) => value));
  const counts = values.map((of) => runningSums(of, () => 1));
  const random = rng(seedFrom(seed, "lag"));
  const starts = new Uint32Array(Math.ceil(moments / stretch));
  const peaks = Float64Array.from({ length: RESAMPLES }, () => {
    for (let i = 0; i < starts.length; i++) starts[i] = Math.floor(random() * moments);
    const over = (running: Float64Array) =>
      starts.reduce((sum, start) => sum + running[start + stretch]! - running[start]!, 0);
    const points = lags.map((lag, i) => {
      const count = over(counts[i]!);
      return { lag, score: count > 0 ? withoutRounding(over(sums[i]!) / count) : -Infinity };
    });
    return peakOf(points).lag;
  }).sort();
  const last = RESAMPLES - 1;
  return [peaks[Math.floor(TAIL * last)]!, peaks[Math.ceil((1 - TAIL) * last)]!] as const;
}

/** Sums of what stands before each moment, twice round the ring; NaN counts as nothing. [2 N + 1] */
function runningSums(values: Float64Array, of: (value: number) => number): Float64Array {
  const sums = new Float64Array(2 * values.length + 1);
  for (let t = 0; t + 1 < sums.length; t++) {
    const value = values[t % values.length]!;
    sums[t + 1] = sums[t]! + (Number.isFinite(value) ? of(value) : 0);
  }
  return sums;
}
