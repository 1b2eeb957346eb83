import { permutation, rng, seedFrom } from "../math/rng";
import type { Split, SplitSpec } from "./dataset";

/**
 * A split for every group, so that the shares of *pairs* hold as nearly as whole groups allow.
 *
 * Groups are visited in a seeded random order; each joins the split being filled if that brings its
 * pair count closer to the share, so one giant group stays in train instead of becoming the test
 * split. Every split that has a share gets at least one group as long as train keeps one.
 *
 * @param sizes [groups] pairs of each group, in an order that does not depend on the rows' order.
 */
export function drawSplits(
  sizes: readonly number[],
  { validation, test, seed }: Pick<SplitSpec, "validation" | "test" | "seed">,
): Split[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const splits = new Array<Split>(sizes.length).fill("train");
  const order = [...permutation(sizes.length, rng(seedFrom("split", seed)))];
  const shares = [
    { split: "test" as const, share: test },
    { split: "validation" as const, share: validation },
  ].filter(({ share }) => share > 0);
  shares.forEach(({ split, share }, place) => {
    const free = order.filter((group) => splits[group] === "train");
    // One group each for train and for the splits still to be filled; of two groups, one tests.
    const most = Math.max(free.length - (shares.length - place), Math.min(1, free.length - 1));
    for (const group of fill(free, sizes, share * total, most)) splits[group] = split;
  });
  return splits;
}

/** Up to `most` of the `free` groups whose sizes add up to about `wanted`; at least one if allowed. */
function fill(
  free: readonly number[],
  sizes: readonly number[],
  wanted: number,
  most: number,
): number[] {
  if (most <= 0) return [];
  const taken: number[] = [];
  let filled = 0;
  for (const group of free) {
    const size = sizes[group]!;
    if (taken.length === most || filled >= wanted) break;
    if (Math.abs(filled + size - wanted) > Math.abs(filled - wanted)) continue;
    taken.push(group);
    filled += size;
  }
  if (taken.length > 0) return taken;
  return [free.reduce((least, group) => (sizes[group]! < sizes[least]! ? group : least))];
}
