import type { PairTable } from "../domain/alignmentData";

/**
 * Which gallery items are right answers, per query: those of query q are
 * `items[starts[q]]` to `items[starts[q + 1] - 1]`, each once, ascending.
 */
export interface Relevance {
  readonly queries: number;
  /** [queries + 1] */
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
}

/** The same pairs seen from both sides. */
export interface MutualRelevance {
  readonly imageToText: Relevance;
  readonly textToImage: Relevance;
}

/** Image i is relevant to text c, and c to i, when a pair (i, c) exists. Repeated pairs count once. */
export function relevanceOf(
  { image, text }: Pick<PairTable, "image" | "text">,
  images: number,
  texts: number,
): MutualRelevance {
  return {
    imageToText: relevanceFrom(image, text, images),
    textToImage: relevanceFrom(text, image, texts),
  };
}

/** Relevance from equally long columns of query and item numbers. */
export function relevanceFrom(
  queryColumn: ArrayLike<number>,
  itemColumn: ArrayLike<number>,
  queries: number,
): Relevance {
  const lists = Array.from({ length: queries }, () => new Set<number>());
  for (let p = 0; p < queryColumn.length; p++) lists[queryColumn[p]!]!.add(itemColumn[p]!);
  const starts = new Uint32Array(queries + 1);
  lists.forEach((list, q) => (starts[q + 1] = starts[q]! + list.size));
  const items = new Uint32Array(starts[queries]!);
  lists.forEach((list, q) => items.set(Uint32Array.from(list).sort(), starts[q]));
  return { queries, starts, items };
}
