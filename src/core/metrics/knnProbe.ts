import type { Neighbours } from "./mutualKnn";

/**
 * The class most of an item's neighbours have, for every item; of several the one met first, going
 * from the nearest.
 *
 * @param neighbours found among the items of other folds.
 * @returns [n] class of each.
 */
export function voteNearest(
  { items, k, indices }: Neighbours,
  labels: Uint32Array,
  classes: number,
): Uint32Array {
  const votes = new Uint32Array(classes);
  return Uint32Array.from({ length: items }, (_, i) => {
    votes.fill(0);
    const own = indices.subarray(i * k, (i + 1) * k);
    for (const j of own) votes[labels[j]!] = votes[labels[j]!]! + 1;
    let best = labels[own[0]!]!;
    for (const j of own) if (votes[labels[j]!]! > votes[best]!) best = labels[j]!;
    return best;
  });
}
