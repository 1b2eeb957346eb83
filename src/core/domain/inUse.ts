import type { ImportReport, Pair } from "./dataset";
import { MODALITIES, type Modality } from "./modality";
import { countSplits } from "./splits";

/** Whether a pair takes part: excluded ones are kept for undo and used nowhere. */
export function isInUse({ excluded }: Pick<Pair, "excluded">): boolean {
  return excluded === undefined;
}

/**
 * Which items some pair in use has: 1 or 0 by item index. An item all of whose pairs are excluded,
 * or whose caption was replaced, takes part in nothing.
 *
 * @param items how many items of the modality there are.
 */
export function itemsInUse(
  pairs: readonly Pair[],
  modality: Modality,
  items: number,
): Uint8Array<ArrayBuffer> {
  const used = new Uint8Array(items);
  for (const pair of pairs) {
    const item = pair[modality];
    if (item !== undefined && isInUse(pair)) used[item] = 1;
  }
  return used;
}

/** The counts of an import report that edits change. */
export type UseCounts = Pick<ImportReport, "pairs" | "groups" | "splits" | "items">;

/** What takes part now: pairs, items, groups and splits without the excluded. */
export function countInUse(pairs: readonly Pair[]): UseCounts {
  const used = pairs.filter(isInUse);
  const items = Object.fromEntries(
    MODALITIES.map((modality) => {
      const indices = new Set(used.map((pair) => pair[modality]));
      indices.delete(undefined);
      return [modality, indices.size];
    }),
  ) as Record<Modality, number>; // every modality is in MODALITIES
  return {
    pairs: used.length,
    groups: new Set(used.map(({ group }) => group)).size,
    splits: countSplits(used),
    items,
  };
}
