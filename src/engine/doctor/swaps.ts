import { row64, type Matrix64 } from "../../core/math/linalg/matrix64";
import { dot } from "../../core/math/matrix";
import type { PairScores } from "./scorePairs";

const POOL_SHARE = 0.12; // an exchanged caption is among the worst 12 % or cannot be told anyway
const MOST_IN_POOL = 1_000; // a million gains
const LONGEST = 4; // captions that went round more pairs than this are a shifted table
const WANTED_PRECISION = 2 / 3;

/** A round takes everyone's favourite, so chance makes it look good: it must beat a swap by a quarter. */
const ROUND_BEATS_SWAP = 1.25;

/** Pairs, by place, of which each should have the caption of the next, the last the first's. */
export interface Cycle {
  readonly members: readonly number[];
  /** Mean gain in CSLS per pair. */
  readonly gain: number;
}

/** What the gains are worked out from. */
export interface Scored {
  /** [I, s] and [T, s], L2-normalised. */
  readonly predicted: Matrix64;
  readonly texts: Matrix64;
  readonly pairs: { readonly image: Uint32Array; readonly text: Uint32Array };
  readonly scores: PairScores;
}

/**
 * Pairs that seem to have each other's captions, surest first: two that are each other's best
 * partner among the worst 12 % of the pairs, and rounds of three or four of which each wants the
 * next one's caption most. A pair is in one finding at most.
 *
 *   gain(p → q) = csls(image p, caption q) − csls(image p, caption p)
 */
export function findCycles(scored: Scored): Cycle[] {
  const pool = worst(scored.scores.mismatch);
  const gains = pool.map((p) => pool.map((q) => gainOf(scored, p, q)));
  const both = gains.map((own, a) => own.map((gain, b) => (gain + gains[b]![a]!) / 2));
  const partner = both.map(indexOfMost);
  const swaps = pool.flatMap((p, a): Cycle[] => {
    const b = partner[a]!;
    const gain = both[a]![b]!;
    if (b <= a || partner[b] !== a || gain <= 0) return [];
    return [{ members: [p, pool[b]!], gain }];
  });
  const next = gains.map(indexOfMost);
  const rounds = pool.flatMap((_, start): Cycle[] => {
    const round = roundFrom(start, next);
    if (!round) return [];
    const sum = round.reduce((all, a) => all + gains[a]![next[a]!]!, 0);
    return sum > 0 ? [{ members: round.map((a) => pool[a]!), gain: sum / round.length }] : [];
  });
  return disjoint([...swaps, ...rounds]);
}

/** The findings that gain most; of two that share a pair the better one. */
function disjoint(cycles: readonly Cycle[]): Cycle[] {
  const weight = ({ members, gain }: Cycle) => gain / (members.length > 2 ? ROUND_BEATS_SWAP : 1);
  const taken = new Set<number>();
  return [...cycles]
    .sort((a, b) => weight(b) - weight(a))
    .filter(({ members }) => {
      if (members.some((p) => taken.has(p))) return false;
      for (const p of members) taken.add(p);
      return true;
    })
    .sort((a, b) => b.gain - a.gain);
}

/** A finding of the self-test: planted, found without planting too, or neither. */
export interface TrialFinding {
  readonly gain: number;
  readonly kind: "planted" | "known" | "other";
}

/**
 * The gain from which on two of three findings are real exchanges, and that precision.
 *
 * Findings that are there without planting may be real: as many of them count as real as pairs that
 * look wrong make likely, which is none where nothing looks wrong.
 *
 * @param wrongToPlanted share of pairs that look wrong over the share that was planted.
 * @returns gain Infinity when none is enough.
 */
export function leastGain(
  found: readonly TrialFinding[],
  wrongToPlanted: number,
): { readonly gain: number; readonly precision: number } {
  const sorted = [...found].sort((a, b) => b.gain - a.gain);
  const counts = { planted: 0, known: 0, other: 0 };
  let least = { gain: Infinity, precision: 0 };
  sorted.forEach(({ gain, kind }, k) => {
    counts[kind]++;
    const real = counts.planted + Math.min(counts.known, counts.planted * wrongToPlanted);
    const precision = real / (k + 1);
    if (precision >= WANTED_PRECISION) least = { gain, precision };
  });
  return least;
}

function worst(mismatch: Float64Array): number[] {
  const size = Math.min(MOST_IN_POOL, Math.ceil(POOL_SHARE * mismatch.length));
  return Array.from(mismatch.keys())
    .sort((a, b) => mismatch[b]! - mismatch[a]! || a - b)
    .slice(0, size);
}

function gainOf({ predicted, texts, pairs, scores }: Scored, p: number, q: number): number {
  const [image, text] = [pairs.image[p]!, pairs.text[q]!];
  if (pairs.text[p] === text) return -Infinity;
  const cosine = dot(row64(predicted, image), row64(texts, text));
  return 2 * cosine - scores.nearImage[p]! - scores.nearText[q]! - scores.csls[p]!;
}

/** A round of three or four that leads back to `start`, its smallest member; null: none. */
function roundFrom(start: number, next: readonly number[]): number[] | null {
  const round = [start];
  for (let at = next[start]!; at > start && round.length < LONGEST; at = next[at]!) {
    if (round.includes(at)) return null;
    round.push(at);
    if (next[at] === start) return round.length > 2 ? round : null;
  }
  return null;
}

function indexOfMost(values: readonly number[]): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
  return best;
}
