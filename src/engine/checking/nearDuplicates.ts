import { UnionFind } from "../../core/math/unionFind";

/**
 * Bits of a 64-bit difference hash in which near-duplicates may differ. Of 150 pictures saved again
 * as JPEG 50, at half size or 8 % brighter, 97 % and more stay within 6 (docs/data-checks.md).
 */
const NEAR_BITS = 6;

/**
 * Mean absolute difference (0 to 255) of two pictures at 16 × 16 RGB that still counts as one
 * picture. A hash alone sees shapes only: on 3,246 icons it chains 1,352 different ones together;
 * with this, the largest set has 24 (clock faces).
 */
export const NEAR_DIFFERENCE = 5;

/** Seven bands of a hash: two hashes that differ in at most six bits agree in one of them. */
const BANDS = [
  [0, 10],
  [10, 9],
  [19, 9],
  [28, 9],
  [37, 9],
  [46, 9],
  [55, 9],
] as const;

/**
 * Every two different hashes that differ in at most `NEAR_BITS` bits, by the index of the first
 * item that has each.
 *
 * @param looks [N] 16 hex digits each, or undefined where a picture has none.
 * @param tick  called between bands: lets a cancellation in, and may throw.
 * @returns pairs of indices (a < b) in no particular order. About N²/146 comparisons of two
 *   integers: 100,000 random hashes take about a second.
 */
export async function nearLooks(
  looks: readonly (string | undefined)[],
  tick: () => Promise<void> = async () => {},
): Promise<[number, number][]> {
  const first = new Map<string, number>();
  looks.forEach((look, i) => look !== undefined && !first.has(look) && first.set(look, i));
  const items = Uint32Array.from(first.values());
  const high = Int32Array.from(first.keys(), (look) => Number.parseInt(look.slice(0, 8), 16));
  const low = Int32Array.from(first.keys(), (look) => Number.parseInt(look.slice(8, 16), 16));
  const found: [number, number][] = [];
  for (let band = 0; band < BANDS.length; band++) {
    await tick();
    const { order, starts } = byBand(high, low, band);
    for (let bucket = 0; bucket + 1 < starts.length; bucket++) {
      for (let a = starts[bucket]!; a < starts[bucket + 1]!; a++) {
        const i = order[a]!;
        const [hi, lo] = [high[i]!, low[i]!];
        for (let b = a + 1; b < starts[bucket + 1]!; b++) {
          const j = order[b]!;
          if (ones(hi ^ high[j]!) + ones(lo ^ low[j]!) > NEAR_BITS) continue;
          // Two hashes may agree in several bands: only the first of them reports.
          if (firstCommonBand(hi, lo, high[j]!, low[j]!) !== band) continue;
          found.push([items[i]!, items[j]!]);
        }
      }
    }
  }
  return found;
}

/** Hashes sorted by one band (counting sort, order kept), and where each value of it begins. */
function byBand(high: Int32Array, low: Int32Array, band: number) {
  const values = 2 ** (BANDS[band]?.[1] ?? 0);
  const starts = new Uint32Array(values + 1);
  const keys = Uint32Array.from(high, (bits, i) => bandOf(bits, low[i]!, band));
  for (const key of keys) starts[key + 1]!++;
  for (let key = 0; key < values; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice(0, values);
  const order = new Uint32Array(high.length);
  keys.forEach((key, i) => (order[next[key]!++] = i));
  return { order, starts };
}

/** How many bits two hashes of 16 hex digits differ in. */
export function lookDistance(a: string, b: string): number {
  const half = (look: string, at: number) => Number.parseInt(look.slice(at, at + 8), 16);
  return ones(half(a, 0) ^ half(b, 0)) + ones(half(a, 8) ^ half(b, 8));
}

/** Mean absolute difference of two pictures of equal size, 0 to 255. */
export function pixelDifference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / a.length;
}

/** Sets of two and more items that links join, each in ascending order. */
export function linkedSets(
  size: number,
  links: readonly (readonly [number, number])[],
): number[][] {
  const sets = new UnionFind(size);
  for (const [a, b] of links) sets.union(a, b);
  const members = new Map<number, number[]>();
  for (let i = 0; i < size; i++) {
    const root = sets.find(i);
    const held = members.get(root);
    if (held) held.push(i);
    else members.set(root, [i]);
  }
  return [...members.values()].filter(({ length }) => length > 1);
}

/** Set bits of a 32-bit integer (Warren, Hacker's Delight, fig. 5-2). */
function ones(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function bandOf(high: number, low: number, band: number): number {
  const [start, length] = BANDS[band] ?? [0, 0];
  const mask = 2 ** length - 1;
  if (start + length <= 32) return (low >>> start) & mask;
  if (start >= 32) return (high >>> (start - 32)) & mask;
  return ((low >>> start) | (high << (32 - start))) & mask;
}

function firstCommonBand(high: number, low: number, otherHigh: number, otherLow: number): number {
  return BANDS.findIndex(
    (_, band) => bandOf(high, low, band) === bandOf(otherHigh, otherLow, band),
  );
}
