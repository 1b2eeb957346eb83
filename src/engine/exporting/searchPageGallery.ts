import type { Item, Pair, Split } from "../../core/domain/dataset";
import { isInUse } from "../../core/domain/inUse";
import type { SearchPageOptions } from "../../core/domain/searchPage";
import { AppError } from "../../core/errors";
import { evenlySpaced } from "../../core/math/evenlySpaced";
import { takeRows } from "../../core/math/matrix";
import type { DatasetStore, EmbeddingStore } from "../../core/ports";
import { galleryInUse, itemSplits, loadGallery, type RawGallery } from "../encoding/loadGallery";

/** The pictures a page shows, and their words. */
export interface PageGallery {
  /** Raw embeddings and item indices, of the pictures that were chosen. */
  readonly images: RawGallery;
  readonly items: readonly PageItem[];
  /** Held-out captions of these pictures, short ones, evenly spaced. */
  readonly examples: readonly string[];
}

export interface PageItem {
  readonly item: Item;
  readonly split: Split;
  readonly captions: readonly string[];
}

const EXAMPLES = 8;
const LONGEST_EXAMPLE = 40; // a chip, not a paragraph

interface GalleryRequest extends Pick<SearchPageOptions, "splits" | "tags"> {
  readonly projectId: string;
  /** Embeddings of the pictures, as the run used them. */
  readonly imageKey: string;
}

interface GallerySources {
  readonly datasets: Pick<DatasetStore, "items" | "pairs">;
  readonly embeddings: EmbeddingStore;
}

/**
 * The pictures of the chosen splits and tags that are in use and encoded, in the project's order.
 *
 * @throws AppError `export/nothing` when there are none.
 */
export async function pageGallery(
  { datasets, embeddings }: GallerySources,
  { projectId, imageKey, splits, tags }: GalleryRequest,
): Promise<PageGallery> {
  const [all, texts, pairs] = await Promise.all([
    datasets.items(projectId, "image"),
    datasets.items(projectId, "text"),
    datasets.pairs(projectId),
  ]);
  const encoded = galleryInUse(await loadGallery(embeddings, imageKey, all), pairs, "image");
  const splitOf = itemSplits(pairs, "image", all.length);
  const { captions, tagged } = wordsOf(pairs, texts, new Set(tags));
  const rows = Uint32Array.from(encoded.items.keys()).filter((row) => {
    const item = encoded.items[row]!;
    return splits.includes(splitOf[item]!) && (tags.length === 0 || tagged.has(item));
  });
  if (rows.length === 0) {
    const chosen = [...splits, ...tags.map((tag) => `tag “${tag}”`)].join(", ");
    throw new AppError("export/nothing", `search page of ${chosen || "no split"}`);
  }
  const images = {
    raw: takeRows(encoded.raw, rows),
    items: Uint32Array.from(rows, (row) => encoded.items[row]!),
  };
  const items = Array.from(images.items, (index): PageItem => ({
    item: all[index]!,
    split: splitOf[index]!,
    captions: [...(captions.get(index) ?? [])],
  }));
  return { images, items, examples: examplesOf(items) };
}

/** Captions by picture, and the pictures with one of the tags; excluded pairs do not count. */
function wordsOf(pairs: readonly Pair[], texts: readonly Item[], tags: ReadonlySet<string>) {
  const captions = new Map<number, Set<string>>();
  const tagged = new Set<number>();
  for (const pair of pairs) {
    const { image, text } = pair;
    if (image === undefined || !isInUse(pair)) continue;
    if (pair.tags?.some((tag) => tags.has(tag))) tagged.add(image);
    const words = text === undefined ? undefined : texts[text]?.text;
    if (words === undefined) continue;
    const known = captions.get(image);
    if (known) known.add(words);
    else captions.set(image, new Set([words]));
  }
  return { captions, tagged };
}

function examplesOf(items: readonly PageItem[]): string[] {
  const heldOut = items.flatMap(({ split, captions }) => (split === "test" ? captions : []));
  const short = [...new Set(heldOut)].filter(({ length }) => length <= LONGEST_EXAMPLE);
  return Array.from(evenlySpaced(short.length, EXAMPLES), (i) => short[i]!);
}
