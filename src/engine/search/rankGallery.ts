import { otherModality, type AlignedModality } from "../../core/domain/modality";
import type { GalleryFilter, ScoreSettings } from "../../core/domain/query";
import { AppError } from "../../core/errors";
import { matrix, row } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { unlessAborted } from "../unlessAborted";
import { combineTerms, type WeightedVector } from "./combineTerms";
import { exactTop, type Selection } from "./scan/exactTop";
import type { Space } from "./space";

/** One part of a query: a raw encoder output, or an item of the gallery. */
export type VectorTerm = { readonly modality: AlignedModality; readonly weight: number } & (
  { readonly vector: Float32Array<ArrayBuffer> } | { readonly item: number }
);

export interface SearchRequest {
  readonly terms: readonly VectorTerm[];
  readonly target: AlignedModality;
  readonly limit: number;
  readonly filter: GalleryFilter;
  readonly scores: ScoreSettings;
}

export interface SearchContext {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/**
 * The selected items of the target gallery with the highest scores, ties in the order of the items;
 * exactly what scoring every item gives.
 *
 * @throws AppError `embeddings/missing` for an item without a vector, `query/empty`,
 *   `data/non-finite`, `data/too-few` when a correction finds no training items, `cancelled`.
 */
export async function rankGallery(
  space: Space,
  selection: Selection,
  { terms, target, limit, scores }: SearchRequest,
  { signal, report }: Partial<SearchContext> = {},
) {
  const started = performance.now();
  const vectors = await Promise.all(terms.map((term) => termVector(space, term, scores)));
  const query = combineTerms(vectors);
  const asked = { query, from: weightiest(terms, target), target, ...scores };
  const scoring = await unlessAborted(space.scores.scoring(asked, report ?? (() => {})), signal);
  const best = exactTop(space.vectors(target), query, {
    ...{ limit, selection, scoring },
    quantized: space.scores.quantized(target),
  });
  const { items } = space.gallery.galleries[target];
  const hits = Array.from(best.rows, (r, i) => {
    const item = items[r]!;
    return {
      item,
      rank: i + 1,
      score: best.scores[i]!,
      cosine: best.cosines[i]!,
      split: space.gallery.splits[target][item]!,
    };
  });
  const elapsedMs = performance.now() - started;
  return { hits, gallery: selection.rows.length, step: space.step, elapsedMs };
}

async function termVector(
  space: Space,
  term: VectorTerm,
  scores: ScoreSettings,
): Promise<WeightedVector> {
  const { modality, weight } = term;
  const own =
    "item" in term ? itemVector(space, term) : await projected(space, modality, term.vector);
  return { vector: space.scores.asked(own, modality, scores), weight };
}

function itemVector(
  space: Space,
  { modality, item }: { readonly modality: AlignedModality; readonly item: number },
) {
  const place = space.gallery.galleries[modality].items.indexOf(item);
  if (place < 0) throw new AppError("embeddings/missing", `${modality} ${item}`);
  return row(space.vectors(modality), place);
}

async function projected(
  space: Space,
  modality: AlignedModality,
  vector: Float32Array<ArrayBuffer>,
) {
  return row(await space.project(modality, matrix(1, vector.length, vector)), 0);
}

/** The modality most of the query's weight is of; where they are even, not the target's. */
function weightiest(terms: readonly VectorTerm[], target: AlignedModality): AlignedModality {
  const weightOf = (side: AlignedModality) =>
    terms.reduce((sum, term) => sum + (term.modality === side ? Math.abs(term.weight) : 0), 0);
  const other = otherModality(target);
  return weightOf(target) > weightOf(other) ? target : other;
}
