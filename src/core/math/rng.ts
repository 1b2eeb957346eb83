/**
 * A stream of uniform numbers in [0, 1) from a 32-bit seed (mulberry32: one 32-bit state, period
 * 2^32, identical on every device). The only source of randomness in core and engine.
 */
export type Rng = () => number;

/** The mulberry32 generator; golden values in test/fixtures/golden.json. */
export function rng(seed: number): Rng {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Many numbers of a stream at once, as integers: `into[i]` / 2^32 is number `start + i` of `rng(seed)`.
 * Faster than asking one by one.
 */
export function fillBits(into: Uint32Array, seed: number, start = 0): void {
  let state = (seed + Math.imul(start, 0x6d2b79f5)) | 0; // the state counts, so any place is reached
  for (let i = 0; i < into.length; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    into[i] = t ^ (t >>> 14);
  }
}

/**
 * A seed for one purpose at one step, mixed from its parts (FNV-1a, then a murmur3 finaliser).
 * Streams are addressed, not consumed: training step 412 draws the same numbers whether or not
 * steps 1 to 411 ran in this tab, which is what makes resumed equal uninterrupted.
 */
export function seedFrom(...parts: readonly (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join("\u0000")) {
    hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 0..n-1 in random order (Fisher-Yates). */
export function permutation(n: number, random: Rng): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const held = order[i]!;
    order[i] = order[j]!;
    order[j] = held;
  }
  return order;
}
