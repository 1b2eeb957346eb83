import type { AlignedModality } from "../../core/domain/modality";
import type { ScoreSettings } from "../../core/domain/query";
import type { VectorTerm } from "../../core/domain/search";
import { AppError } from "../../core/errors";
import { matrix, row } from "../../core/math/matrix";
import { combineTerms, type WeightedVector } from "./combineTerms";
import type { Space } from "./space";

/**
 * A query in the shared space, as these settings take it. [P]
 *
 * @throws AppError `embeddings/missing` for an item without a vector, `embeddings/width`,
 *   `query/empty`, `data/non-finite`, `data/too-few` when centring finds no training items.
 */
export async function queryVector(
  space: Space,
  terms: readonly VectorTerm[],
  scores: ScoreSettings,
): Promise<Float32Array<ArrayBuffer>> {
  return combineTerms(await Promise.all(terms.map((term) => weighted(space, term, scores))));
}

/** Row of an item in the gallery of its modality. @throws AppError `embeddings/missing`. */
export function rowOfItem(space: Space, modality: AlignedModality, item: number): number {
  const place = space.gallery.galleries[modality].items.indexOf(item);
  if (place < 0) throw new AppError("embeddings/missing", `${modality} ${item}`);
  return place;
}

async function weighted(
  space: Space,
  term: VectorTerm,
  scores: ScoreSettings,
): Promise<WeightedVector> {
  const { modality, weight } = term;
  const own =
    "item" in term
      ? row(space.vectors(modality), rowOfItem(space, modality, term.item))
      : row(await space.project(modality, matrix(1, term.vector.length, term.vector)), 0);
  return { vector: space.scores.asked(own, modality, scores), weight };
}
