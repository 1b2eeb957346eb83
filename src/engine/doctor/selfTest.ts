import type { SelfTest } from "../../core/domain/diagnosis";
import { permutation, rng, seedFrom } from "../../core/math/rng";

/** Share of pairs that are given another caption in each repeat. */
export const PLANTED_SHARE = 0.05;

const ENOUGH_PLANTED = 450; // an AUC near 0.9 then has a 95 % interval of about ±0.015
const REPEATS = { least: 3, most: 10 } as const;

/**
 * Right pairs that may be flagged, and the share the threshold aims at: which pairs are right is
 * estimated, and with it wrong by a half the nominal rate still holds (docs/pair-doctor.md).
 */
const NOMINAL_RATE = 0.02;
const AIMED_RATE = 0.01;

/** Shares of planted pairs above the cut-offs at which wrong pairs are counted: where few right ones are. */
const COUNTED_AT = [0.2, 0.3, 0.4, 0.5] as const;

/** How many exchanges are tried for `count` pairs: fewer pairs, more repeats. */
export function plantingRepeats(count: number): number {
  const wanted = Math.ceil(ENOUGH_PLANTED / Math.max(1, PLANTED_SHARE * count));
  return Math.min(REPEATS.most, Math.max(REPEATS.least, wanted));
}

/** Captions of pairs after some were exchanged two by two, and which. */
export interface Planting {
  readonly text: Uint32Array<ArrayBuffer>;
  readonly planted: Uint8Array<ArrayBuffer>;
}

/** Exchanges the captions of a random 5 % of the pairs two by two, never between equal captions. */
export function plantSwaps(text: Uint32Array, repeat: number): Planting {
  const order = permutation(text.length, rng(seedFrom("pair-doctor", "plant", repeat)));
  const swaps = Math.max(1, Math.round((PLANTED_SHARE * text.length) / 2));
  const out = Uint32Array.from(text);
  const planted = new Uint8Array(text.length);
  let done = 0;
  for (let k = 0; k + 1 < order.length && done < swaps; k += 2) {
    const [a, b] = [order[k]!, order[k + 1]!];
    if (text[a] === text[b]) continue;
    [out[a], out[b]] = [text[b]!, text[a]!];
    planted[a] = planted[b] = 1;
    done++;
  }
  return { text: out, planted };
}

/** Mismatch scores of one repeat, and which pairs had been exchanged. */
export interface PlantedScores {
  readonly mismatch: Float64Array;
  readonly planted: Uint8Array;
}

/**
 * How well planted exchanges are found, and from which mismatch on to flag.
 *
 * The threshold is where right pairs are flagged at 1 %. Which of the pairs that were left alone
 * are right is not known, so the wrong ones among them are counted where right ones hardly occur
 * and subtracted: with H the share of those pairs above a cut-off and G that of the exchanged,
 *
 *   wrong share e = min over cut-offs of H / G,   right pairs above = (H − e G) / (1 − e)
 *
 * e is 0 to 0.9 % on the emoji sample and random parts of it as they are. Intervals by Hanley and McNeil 1982.
 */
export function judgeSelfTest(repeats: readonly PlantedScores[]): Omit<SelfTest, "swapPrecision"> {
  const pick = (wanted: number) =>
    Float64Array.from(
      repeats.flatMap(({ mismatch, planted }) =>
        Array.from(mismatch).filter((_, p) => planted[p] === wanted),
      ),
    ).sort();
  const [left, exchanged] = [pick(0), pick(1)];
  const auc = repeats.reduce((sum, repeat) => sum + aucOf(repeat), 0) / repeats.length;
  const error = aucError(auc, exchanged.length, left.length / repeats.length);
  const wrongShare = upperWrongShare(left, exchanged);
  const threshold = thresholdAt(left, exchanged, wrongShare);
  const [wrongly, rightly] = [countFrom(left, threshold), countFrom(exchanged, threshold)];
  return {
    share: PLANTED_SHARE,
    repeats: repeats.length,
    planted: exchanged.length,
    auc,
    low: Math.max(0, auc - 1.96 * error),
    high: Math.min(1, auc + 1.96 * error),
    threshold,
    nominalRate: NOMINAL_RATE,
    recall: rightly / exchanged.length,
    precision: rightly + wrongly > 0 ? rightly / (rightly + wrongly) : 0,
    wrongShare,
  };
}

/**
 * Probability that an exchanged pair has the higher mismatch than one that was not (Mann-Whitney),
 * ties counting half.
 */
export function aucOf({ mismatch, planted }: PlantedScores): number {
  const left = mismatch.filter((_, p) => planted[p] === 0).sort();
  const exchanged = mismatch.filter((_, p) => planted[p] === 1);
  let wins = 0;
  for (const value of exchanged) {
    const below = left.length - countFrom(left, value);
    const equal = countFrom(left, value) - countAbove(left, value);
    wins += below + equal / 2;
  }
  return wins / (left.length * exchanged.length);
}

function aucError(auc: number, positives: number, negatives: number): number {
  const q1 = auc / (2 - auc);
  const q2 = (2 * auc * auc) / (1 + auc);
  const spread =
    auc * (1 - auc) + (positives - 1) * (q1 - auc * auc) + (negatives - 1) * (q2 - auc * auc);
  return Math.sqrt(Math.max(0, spread) / (positives * negatives));
}

function upperWrongShare(left: Float64Array, exchanged: Float64Array): number {
  const shares = COUNTED_AT.map((share) => {
    const cutoff = exchanged[Math.floor((1 - share) * (exchanged.length - 1))]!;
    const above = countFrom(exchanged, cutoff) / exchanged.length;
    return countFrom(left, cutoff) / left.length / above;
  });
  return Math.min(1, ...shares);
}

/** The lowest observed mismatch above which right pairs are rare enough. */
function thresholdAt(left: Float64Array, exchanged: Float64Array, wrongShare: number): number {
  let threshold = Infinity;
  for (let k = left.length - 1; k >= 0; k--) {
    const cutoff = left[k]!;
    const above = (left.length - k) / left.length;
    const caught = countFrom(exchanged, cutoff) / exchanged.length;
    const right = (above - wrongShare * caught) / Math.max(1e-9, 1 - wrongShare);
    if (right > AIMED_RATE) break;
    threshold = cutoff;
  }
  return threshold;
}

/** How many values of an ascending array are `cutoff` or more. */
function countFrom(ascending: Float64Array, cutoff: number): number {
  return ascending.length - firstAt(ascending, (value) => value >= cutoff);
}

function countAbove(ascending: Float64Array, cutoff: number): number {
  return ascending.length - firstAt(ascending, (value) => value > cutoff);
}

function firstAt(ascending: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(ascending[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
