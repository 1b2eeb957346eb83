import type { PairTable } from "../domain/alignmentData";
import type { Split } from "../domain/dataset";
import type { QueryRanks, RetrievalPair, RetrievalResult } from "../domain/evaluation";
import { AppError } from "../errors";
import { takeRows, type Matrix } from "../math/matrix";
import { seedFrom } from "../math/rng";
import { bootstrapMeans } from "./bootstrap";
import { relevanceOf, type MutualRelevance } from "./relevance";
import { meanRank, meanReciprocalRank, medianRank, mutualFirstHitRanks } from "./retrieval";

/** Which recalls to report, and the seed of their intervals. */
export interface RetrievalOptions {
  readonly ks: readonly number[];
  readonly seed: number;
}

/**
 * Retrieval in both directions among the unique images and unique texts of one split.
 *
 * Only the rows that pairs of the split name are read, so `pairs` and both matrices may be the
 * whole data set or just the split, renumbered. Ties count against the query.
 *
 * @param images [N_image, P] in the shared space; ranked by dot product.
 * @param texts  [N_text, P]
 * @throws AppError `data/too-few` when the split has no pair, `data/shape`, `data/non-finite`.
 */
export function evaluateRetrieval(
  images: Matrix,
  texts: Matrix,
  pairs: PairTable,
  split: Split,
  options: RetrievalOptions,
): RetrievalPair {
  const { imageRows, textRows, relevance, clusters } = galleriesOf(pairs, split);
  if (imageRows.length === 0) throw new AppError("data/too-few", `no pairs in ${split}`);
  const ranks = mutualFirstHitRanks(
    takeRows(images, imageRows),
    takeRows(texts, textRows),
    relevance,
  );
  return summarizeRanks(ranks, clusters, options);
}

/**
 * Recalls with intervals, median and mean rank and MRR of ranks already known. Every image is a
 * query of one direction and in the gallery of the other, so the ranks say how large both are.
 *
 * @param clusters of every query, as `galleriesOf` gives them: intervals resample whole clusters.
 * @throws AppError `data/too-few` without queries.
 */
export function summarizeRanks(
  ranks: QueryRanks,
  clusters: QueryRanks,
  { ks, seed }: RetrievalOptions,
): RetrievalPair {
  const direction = (way: keyof QueryRanks, gallery: number) =>
    summarizeDirection(ranks[way], clusters[way], gallery, { ks, seed: seedFrom(seed, way) });
  return {
    imageToText: direction("imageToText", ranks.textToImage.length),
    textToImage: direction("textToImage", ranks.imageToText.length),
  };
}

/** The unique items of a split, ascending, and who belongs to whom by place in these lists. */
export interface Galleries {
  readonly imageRows: Uint32Array;
  readonly textRows: Uint32Array;
  readonly relevance: MutualRelevance;
  /** Connected component of every image and text: items of one stand and fall together. */
  readonly clusters: QueryRanks;
}

/** What `evaluateRetrieval` ranks: see `Galleries`. */
export function galleriesOf(pairs: PairTable, split: Split): Galleries {
  const kept = Uint32Array.from(pairs.split.keys()).filter((p) => pairs.split[p] === split);
  const image = renumber(kept.map((p) => pairs.image[p]!));
  const text = renumber(kept.map((p) => pairs.text[p]!));
  const columns = { image: image.places, text: text.places };
  return {
    imageRows: image.rows,
    textRows: text.rows,
    relevance: relevanceOf(columns, image.rows.length, text.rows.length),
    clusters: {
      imageToText: componentsOf(image, kept, pairs.component),
      textToImage: componentsOf(text, kept, pairs.component),
    },
  };
}

function componentsOf(
  { rows, places }: { rows: Uint32Array; places: Uint32Array },
  kept: Uint32Array,
  component: Uint32Array,
) {
  const components = new Uint32Array(rows.length);
  places.forEach((place, i) => (components[place] = component[kept[i]!]!));
  return components;
}

function renumber(column: Uint32Array): { rows: Uint32Array; places: Uint32Array } {
  const rows = Uint32Array.from(new Set(column)).sort();
  const placeOf = new Map(Array.from(rows, (row, place) => [row, place]));
  return { rows, places: column.map((row) => placeOf.get(row)!) };
}

/**
 * Recalls with intervals, median and mean rank and MRR of one direction.
 *
 * @param ranks    [Q] 0 = best, as `firstHitRanks` gives them.
 * @param clusters [Q] equal numbers for queries that are not independent.
 * @param gallery  items ranked.
 * @throws AppError `data/too-few` without queries.
 */
export function summarizeDirection(
  ranks: Uint32Array,
  clusters: Uint32Array,
  gallery: number,
  { ks, seed }: RetrievalOptions,
): RetrievalResult {
  const hits = ks.map((k) => Uint8Array.from(ranks, (rank) => Number(rank < k)));
  const estimates = hits.length > 0 ? bootstrapMeans(hits, seed, clusters) : [];
  return {
    gallery,
    queries: ranks.length,
    medianRank: medianRank(ranks),
    meanRank: meanRank(ranks),
    meanReciprocalRank: meanReciprocalRank(ranks),
    recall: Object.fromEntries(ks.map((k, i) => [String(k), estimates[i]!])),
  };
}

/** The result of a split without pairs: no queries, and zeros that nothing stands behind. */
export function emptyRetrieval(ks: readonly number[]): RetrievalPair {
  const recall = Object.fromEntries(ks.map((k) => [String(k), { value: 0, low: 0, high: 0 }]));
  const ranks = { medianRank: 0, meanRank: 0, meanReciprocalRank: 0 };
  const nothing = { gallery: 0, queries: 0, ...ranks, recall };
  return { imageToText: nothing, textToImage: nothing };
}
