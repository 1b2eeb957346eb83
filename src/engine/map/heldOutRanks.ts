import type { Pair, Split } from "../../core/domain/dataset";
import type { AlignedModality } from "../../core/domain/modality";
import { takeRows, type Matrix } from "../../core/math/matrix";
import { relevanceFrom } from "../../core/metrics/relevance";
import { firstHitRanks } from "../../core/metrics/retrieval";
import type { Progress } from "../../core/progress";
import { breathe } from "../align/breathe";
import { placesOf, type MapSpace } from "./mapSpace";

const HELD_OUT = ["validation", "test"] as const satisfies readonly Split[];
const BLOCK_MADDS = 2e8; // between two looks at the message queue: about 0.2 s

interface RankOptions {
  readonly signal?: AbortSignal | undefined;
  readonly report?: (progress: Progress) => void;
}

/** One direction within one split: whose partners are looked for, and among which. */
interface Search {
  readonly from: AlignedModality;
  readonly to: AlignedModality;
  /** Rows in the galleries. */
  readonly queries: readonly number[];
  readonly gallery: readonly number[];
  /** Pairs as places in both lists. */
  readonly query: readonly number[];
  readonly item: readonly number[];
}

/**
 * Rank (1 = best) of the nearest true partner of every validation and test item, among the items of
 * the other modality in the same split: what the evaluation ranks. 0 for items that were trained on
 * or have no partner in the gallery. Images first.
 *
 * @throws AppError `data/non-finite`, `cancelled`.
 */
export async function heldOutRanks(
  space: MapSpace,
  pairs: readonly Pair[],
  { signal, report = () => {} }: RankOptions = {},
): Promise<Uint32Array<ArrayBuffer>> {
  const images = space.vectors("image").rows;
  const ranks = new Uint32Array(images + space.vectors("text").rows);
  const searches = HELD_OUT.flatMap((split) => searchesOf(space, pairs, split));
  const total = searches.reduce((sum, { queries }) => sum + queries.length, 0);
  let done = 0;
  for (const search of searches) {
    const gallery = takeRows(space.vectors(search.to), search.gallery);
    const blockRows = Math.max(1, Math.floor(BLOCK_MADDS / (gallery.rows * gallery.cols)));
    for (let start = 0; start < search.queries.length; start += blockRows) {
      await breathe(signal);
      const end = Math.min(start + blockRows, search.queries.length);
      const found = ranksOf(search, space.vectors(search.from), gallery, { start, end });
      const offset = search.from === "image" ? 0 : images;
      found.forEach((rank, i) => (ranks[offset + search.queries[start + i]!] = rank + 1));
      done += end - start;
      report({ stage: "evaluate", done, total, unit: "items" });
    }
  }
  return ranks;
}

function ranksOf(
  { queries, query, item }: Search,
  vectors: Matrix,
  gallery: Matrix,
  { start, end }: { readonly start: number; readonly end: number },
): Uint32Array {
  const inBlock = [...query.keys()].filter((p) => query[p]! >= start && query[p]! < end);
  const relevance = relevanceFrom(
    inBlock.map((p) => query[p]! - start),
    inBlock.map((p) => item[p]!),
    end - start,
  );
  return firstHitRanks(takeRows(vectors, queries.slice(start, end)), gallery, relevance);
}

function searchesOf(space: MapSpace, pairs: readonly Pair[], split: Split): Search[] {
  const { splits } = space.gallery;
  const place = placesOf(space);
  const held = pairs.flatMap(({ image = -1, text = -1 }) => {
    const rows = { image: place.image.get(image), text: place.text.get(text) };
    const isHeld = splits.image[image] === split && splits.text[text] === split;
    return isHeld && rows.image !== undefined && rows.text !== undefined
      ? [{ image: rows.image, text: rows.text }]
      : [];
  });
  if (held.length === 0) return [];
  const rows = (modality: AlignedModality) => [...new Set(held.map((pair) => pair[modality]))];
  const sides = { image: rows("image"), text: rows("text") };
  const at = (modality: AlignedModality) => {
    const placeOf = new Map(sides[modality].map((r, i) => [r, i]));
    return held.map((pair) => placeOf.get(pair[modality]) ?? 0);
  };
  const places = { image: at("image"), text: at("text") };
  const search = (from: AlignedModality, to: AlignedModality): Search => ({
    ...{ from, to, queries: sides[from], gallery: sides[to] },
    ...{ query: places[from], item: places[to] },
  });
  return [search("image", "text"), search("text", "image")];
}
