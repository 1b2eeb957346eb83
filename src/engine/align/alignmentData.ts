import type { AlignmentData } from "../../core/domain/alignmentData";
import type { Item, Split } from "../../core/domain/dataset";
import type { AlignedModality } from "../../core/domain/modality";
import { countSplits, pairTableOf, type AlignedPair } from "../../core/domain/splits";
import { AppError } from "../../core/errors";
import type { DatasetStore, EmbeddingStore } from "../../core/ports";
import { loadGallery } from "../encoding/loadGallery";

/** A project's embeddings and pairs, ready to train on. */
export interface LoadedData {
  readonly data: AlignmentData;
  /** The item behind each row of `data.image` and `data.text`. */
  readonly items: Readonly<Record<AlignedModality, readonly Item[]>>;
  /** Pairs left out because one side has no embedding. */
  readonly leftOut: number;
  readonly splits: Readonly<Record<Split, number>>;
}

/**
 * Loads what training needs of a project.
 *
 * @throws AppError `embeddings/missing` when one side has none at all.
 */
export async function loadAlignmentData(
  stores: { datasets: DatasetStore; embeddings: EmbeddingStore },
  projectId: string,
  keys: Readonly<Record<AlignedModality, string>>,
): Promise<LoadedData> {
  const { datasets, embeddings } = stores;
  const [images, texts, pairs] = await Promise.all([
    datasets.items(projectId, "image"),
    datasets.items(projectId, "text"),
    datasets.pairs(projectId),
  ]);
  const image = await loadGallery(embeddings, keys.image, images);
  const text = await loadGallery(embeddings, keys.text, texts);
  if (image.raw.rows === 0 || text.raw.rows === 0) {
    const side = image.raw.rows === 0 ? "images" : "captions";
    throw new AppError("embeddings/missing", `no ${side} are encoded`);
  }
  const rowOf = {
    image: rowsByItem(image.items, images.length),
    text: rowsByItem(text.items, texts.length),
  };
  const used = pairs.filter(({ excluded }) => excluded === undefined);
  const kept = used.flatMap(
    ({ split, image: imageItem = -1, text: textItem = -1 }): AlignedPair[] => {
      const rows = { image: rowOf.image[imageItem] ?? -1, text: rowOf.text[textItem] ?? -1 };
      return rows.image < 0 || rows.text < 0 ? [] : [{ split, ...rows }];
    },
  );
  const items = {
    image: Array.from(image.items, (item) => images[item]!),
    text: Array.from(text.items, (item) => texts[item]!),
  };
  return {
    data: {
      image: image.raw,
      text: text.raw,
      pairs: pairTableOf(kept),
      digests: {
        image: items.image.map(({ digest }) => digest),
        text: items.text.map(({ digest }) => digest),
      },
    },
    items,
    leftOut: used.length - kept.length,
    splits: countSplits(kept),
  };
}

/** Row of each item in its gallery, or -1. */
function rowsByItem(items: Uint32Array, total: number): Int32Array {
  const rows = new Int32Array(total).fill(-1);
  items.forEach((item, place) => (rows[item] = place));
  return rows;
}
