import { SPLITS, type Item, type Pair } from "../../core/domain/dataset";
import { isInUse } from "../../core/domain/inUse";
import type { ItemFacts, LabelFacts, TagFacts } from "../../core/domain/jointMap";
import type { DatasetStore } from "../../core/ports";
import { itemSplits } from "../encoding/loadGallery";

/** Splits, labels, tags and pairs of a project's items, as columns. */
export async function readItemFacts(
  datasets: Pick<DatasetStore, "items" | "pairs">,
  projectId: string,
): Promise<ItemFacts> {
  const [images, texts, pairs] = await Promise.all([
    datasets.items(projectId, "image"),
    datasets.items(projectId, "text"),
    datasets.pairs(projectId),
  ]);
  return itemFacts(images, texts, pairs);
}

/** `readItemFacts` of what was read: excluded pairs and pairs without a side count for nothing. */
export function itemFacts(
  images: readonly Item[],
  texts: readonly Item[],
  pairs: readonly Pair[],
): ItemFacts {
  const used = [...pairs.entries()].flatMap(([index, pair]) =>
    isInUse(pair) && pair.image !== undefined && pair.text !== undefined
      ? [{ index, image: pair.image, text: pair.text, tags: pair.tags ?? [] }]
      : [],
  );
  const splitsOf = (modality: "image" | "text", count: number) =>
    Uint8Array.from(itemSplits(pairs, modality, count), (split) => SPLITS.indexOf(split));
  const columns = new Set(images.flatMap(({ labels }) => Object.keys(labels ?? {})));
  return {
    splits: { image: splitsOf("image", images.length), text: splitsOf("text", texts.length) },
    labels: [...columns].map((column) => labelFacts(column, images, texts.length, used)),
    pairs: {
      index: Uint32Array.from(used, ({ index }) => index),
      image: Uint32Array.from(used, ({ image }) => image),
      text: Uint32Array.from(used, ({ text }) => text),
    },
    tags: tagFacts(used.map(({ tags }) => tags)),
  };
}

/** Every typed array of the facts, to move them to the main thread. */
export function buffersOf({ splits, labels, pairs, tags }: ItemFacts): ArrayBuffer[] {
  return [
    ...[splits.image, splits.text, pairs.index, pairs.image, pairs.text],
    ...labels.flatMap(({ codes }) => [codes.image, codes.text]),
    ...tags.map((tag) => tag.pairs),
  ].map(({ buffer }) => buffer);
}

function labelFacts(
  column: string,
  images: readonly Item[],
  texts: number,
  pairs: readonly { readonly image: number; readonly text: number }[],
): LabelFacts {
  const counts = new Map<string, number>();
  const labels = images.map((image) => image.labels?.[column] || undefined);
  for (const label of labels) {
    if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const values = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([v]) => v);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const image = Int32Array.from(labels, (label) => codeOf.get(label ?? "") ?? -1);
  const text = new Int32Array(texts).fill(-1);
  for (const pair of pairs) {
    if (text[pair.text] === -1) text[pair.text] = image[pair.image] ?? -1;
  }
  return { column, values, codes: { image, text } };
}

function tagFacts(tags: readonly (readonly string[])[]): TagFacts[] {
  const places = new Map<string, number[]>();
  for (const [place, names] of tags.entries()) {
    for (const name of names) {
      const known = places.get(name);
      if (known) known.push(place);
      else places.set(name, [place]);
    }
  }
  return [...places]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, found]) => ({ name, pairs: Uint32Array.from(found) }));
}
