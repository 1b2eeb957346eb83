import { useEffect, useState } from "react";
import type { Item } from "../../../../core/domain/dataset";
import { ItemCache } from "../../../components/search/itemCache";
import { itemOf, type MapModel } from "./mapModel";

/** What is shown of a point: its item, and the words it goes by. */
export interface PointWords {
  readonly item: Item | undefined;
  /** The caption; of an image, its first. */
  readonly words: string;
}

/** Reads the item of a point and its words. */
export async function readPoint(
  cache: ItemCache,
  model: MapModel,
  point: number,
): Promise<PointWords> {
  const { modality, item: index } = itemOf(model, point);
  const item = await cache.get(modality, index);
  if (modality === "text") return { item, words: item?.text ?? "" };
  const pair = model.pairs[model.pairsOf(point)[0] ?? -1];
  const caption = pair && (await cache.get("text", itemOf(model, pair.text).item));
  return { item, words: caption?.text ?? item?.source ?? "" };
}

/** What is shown of one point; undefined while it is read, or without a point. */
export function usePoint(
  cache: ItemCache,
  model: MapModel | null,
  point: number,
): PointWords | undefined {
  const [read, setRead] = useState<{ model: MapModel; point: number; value: PointWords }>();
  useEffect(() => {
    if (!model || point < 0) return;
    let current = true;
    readPoint(cache, model, point).then(
      (value) => current && setRead({ model, point, value }),
      // A place that cannot be read says so in its own place.
      () => current && setRead({ model, point, value: { item: undefined, words: "not stored" } }),
    );
    return () => {
      current = false;
    };
  }, [cache, model, point]);
  return read?.model === model && read?.point === point ? read.value : undefined;
}
