import type { Item, Pair, Split } from "../../core/domain/dataset";
import type { AlignedModality } from "../../core/domain/modality";
import { matrix, type Matrix } from "../../core/math/matrix";
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

/**
 * The split each item counts as: `train` if any of its pairs trained, because it has been seen.
 * An item without pairs counts as `test`.
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
    if (held !== undefined && strength[pair.split] > strength[held]) splits[item] = pair.split;
  }
  return splits;
}
