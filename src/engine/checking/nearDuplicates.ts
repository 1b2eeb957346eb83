import { UnionFind } from "../../core/math/unionFind";

/**
 * Bits of a 64-bit difference hash in which near-duplicates may differ. Of 150 pictures saved again
 * as JPEG 50, at half size or 8 % brighter, 97 % and more stay within 6 (docs/data-checks.md).
 */
export const NEAR_BITS = 6;

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

/** A hash as two 32-bit halves. */
type Look = readonly [high: number, low: number];

/**
 * Every two different hashes that differ in at most `NEAR_BITS` bits, by the index of the first
 * item that has each.
 *
 * @param looks [N] 16 hex digits each, or undefined where a picture has none.
 * @returns pairs of indices (a < b) in no particular order. About N²/73 comparisons of two integers.
 */
export function nearLooks(looks: readonly (string | undefined)[]): [number, number][] {
  const first = new Map<string, number>();
  looks.forEach((look, i) => look !== undefined && !first.has(look) && first.set(look, i));
  const distinct = [...first].map(([look, i]) => ({ i, look: halves(look) }));
  const found: [number, number][] = [];
  BANDS.forEach((_, band) => {
    const buckets = new Map<number, typeof distinct>();
    for (const entry of distinct) {
      const key = bandOf(entry.look, band);
      const bucket = buckets.get(key);
      if (!bucket) buckets.set(key, [entry]);
      else {
        for (const other of bucket) {
          if (bitsApart(entry.look, other.look) > NEAR_BITS) continue;
          // Two hashes may agree in several bands: only the first of them reports.
          if (firstCommonBand(entry.look, other.look) === band) found.push([other.i, entry.i]);
        }
        bucket.push(entry);
      }
    }
  });
  return found;
}

/** How many bits two hashes of 16 hex digits differ in. */
export function lookDistance(a: string, b: string): number {
  return bitsApart(halves(a), halves(b));
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

function halves(look: string): Look {
  return [Number.parseInt(look.slice(0, 8), 16), Number.parseInt(look.slice(8, 16), 16)];
}

function bitsApart(a: Look, b: Look): number {
  return ones(a[0] ^ b[0]) + ones(a[1] ^ b[1]);
}

/** Set bits of a 32-bit integer (Warren, Hacker's Delight, fig. 5-2). */
function ones(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function bandOf([high, low]: Look, band: number): number {
  const [start, length] = BANDS[band] ?? [0, 0];
  const mask = 2 ** length - 1;
  if (start + length <= 32) return (low >>> start) & mask;
  if (start >= 32) return (high >>> (start - 32)) & mask;
  return ((low >>> start) | (high << (32 - start))) & mask;
}

function firstCommonBand(a: Look, b: Look): number {
  return BANDS.findIndex((_, band) => bandOf(a, band) === bandOf(b, band));
}
