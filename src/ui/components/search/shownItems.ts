import { useEffect, useMemo, useState } from "react";
import type { Item, Split } from "../../../core/domain/dataset";
import type { Modality } from "../../../core/domain/modality";
import type { ItemCache } from "./itemCache";

/** An item found, by its index among the project's items of its modality. */
export interface Hit {
  readonly item: number;
  /** 1 = best. */
  readonly rank: number;
  readonly score: number;
  readonly cosine: number;
  readonly split: Split;
}

/** One result with what a screen shows of it. */
export interface Result {
  readonly index: number;
  readonly rank: number;
  readonly score: number;
  readonly split: Split;
  readonly item: Item;
  /** Captions of a picture, sound or window; empty for a text. */
  readonly captions: readonly string[];
}

/** Where the items of a project are read from. */
export interface ItemSource {
  readonly projectId: string;
  /** Another one after each change of the data. */
  readonly version: string;
  readonly cache: ItemCache;
  /** Texts that go with an item, by their index; none for a text. */
  readonly captionsOf: (modality: Modality, index: number) => Promise<readonly number[]>;
}

/** An item in words: its text, or its first caption, or where it came from. */
export function nameOf({ item, captions }: Pick<Result, "item" | "captions">): string {
  return item.text ?? captions[0] ?? item.source;
}

/** An item and its captions; undefined when the data was replaced by less meanwhile. */
export async function readItem(
  { cache, captionsOf }: ItemSource,
  modality: Modality,
  index: number,
): Promise<Pick<Result, "item" | "captions"> | undefined> {
  const item = await cache.get(modality, index);
  if (!item) return undefined;
  const texts = await captionsOf(modality, index);
  const captions = await Promise.all(texts.map((text) => cache.get("text", text)));
  return { item, captions: captions.flatMap((caption) => caption?.text ?? []) };
}

/** The item of a hit with its captions, once they are read. */
export function useShown(modality: Modality, hit: Hit, items: ItemSource): Result | undefined {
  const [shown, setShown] = useState<{ key: string } & Pick<Result, "item" | "captions">>();
  const { item: index, rank, score, split } = hit;
  const key = `${items.projectId}/${items.version}/${modality}/${index}`;
  useEffect(() => {
    let current = true;
    readItem(items, modality, index).then(
      (read) => current && read && setShown({ key, ...read }),
      // The place stays empty; the search itself says why data cannot be read.
      () => {},
    );
    return () => {
      current = false;
    };
  }, [modality, index, items, key]);
  return useMemo(
    () => (shown?.key === key ? { ...shown, index, rank, score, split } : undefined),
    [shown, key, index, rank, score, split],
  );
}
