import { useEffect, useState } from "react";
import type { Item, Pair } from "../../../../core/domain/dataset";
import type { ItemCache } from "../../../components/search/itemCache";

/** What a line shows: picture or sound, caption, and the best other caption. */
export interface LineItems {
  readonly image?: Item | undefined;
  readonly caption?: Item | undefined;
  readonly best?: Item | undefined;
}

const NOTHING: LineItems = {};

/** The items of a pair as it is now, and of a suggested caption; nothing until they are read. */
export function useLineItems(
  items: ItemCache,
  pair: Pick<Pair, "image" | "text"> | undefined,
  best: number | undefined,
): LineItems {
  const [shown, setShown] = useState<LineItems & { readonly key?: string }>(NOTHING);
  const { image, text } = pair ?? {};
  const key = `${image}/${text}/${best}`;
  useEffect(() => {
    let current = true;
    const get = (modality: "image" | "text", index: number | undefined) =>
      index === undefined ? undefined : items.get(modality, index);
    Promise.all([get("image", image), get("text", text), get("text", best)]).then(
      ([picture, caption, suggested]) =>
        current && setShown({ key, image: picture, caption, best: suggested }),
      () => current && setShown(NOTHING), // the list above says why data cannot be read
    );
    return () => {
      current = false;
    };
  }, [items, image, text, best, key]);
  return shown.key === key ? shown : NOTHING;
}
