import type { Item, Pair, Split } from "../../core/domain/dataset";
import { isInUse, itemsInUse } from "../../core/domain/inUse";
import type { AlignedModality } from "../../core/domain/modality";
import { matrix, takeRows, type Matrix } from "../../core/math/matrix";
import type { EmbeddingStore } from "../../core/ports";

/** The encoded items of one modality. Row r of `raw` belongs to item `items[r]` of the project. */
export interface RawGallery {
  readonly raw: Matrix;
  readonly items: Uint32Array;
}

/**
 * Embeddings of those items that have one: an item the encoder refused is left out, not invented.
 *
 * @returns `raw` [encoded, D].
 */
export async function loadGallery(
  store: EmbeddingStore,
  encoderKey: string,
  items: readonly Item[],
): Promise<RawGallery> {
  const encoded = await store.encodedDigests(encoderKey);
  const kept = Uint32Array.from(items.keys()).filter((i) => encoded.has(items[i]!.digest));
  if (kept.length === 0) return { raw: matrix(0, 0), items: kept };
  const digests = Array.from(kept, (i) => items[i]!.digest);
  return { raw: await store.load(encoderKey, digests), items: kept };
}

/** The gallery without items that no pair in use has: what is excluded is found by no query. */
export function galleryInUse(
  { raw, items }: RawGallery,
  pairs: readonly Pair[],
  modality: AlignedModality,
): RawGallery {
  const used = itemsInUse(pairs, modality, (items.at(-1) ?? -1) + 1);
  const rows = Uint32Array.from(items.keys()).filter((row) => used[items[row]!] === 1);
  if (rows.length === items.length) return { raw, items };
  return { raw: takeRows(raw, rows), items: items.filter((item) => used[item] === 1) };
}

/**
 * The split each item counts as: `train` if any of its pairs trained, because it has been seen.
 * Excluded pairs do not count; an item without pairs counts as `test`.
 */
export function itemSplits(
  pairs: readonly Pair[],
  modality: AlignedModality,
  items: number,
): Split[] {
  const splits = new Array<Split>(items).fill("test");
  const strength = { test: 0, validation: 1, train: 2 } as const;
  for (const pair of pairs) {
    const item = pair[modality] ?? -1;
    const held = splits[item];
    if (held !== undefined && isInUse(pair) && strength[pair.split] > strength[held])
      splits[item] = pair.split;
  }
  return splits;
}
