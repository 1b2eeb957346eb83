import { otherModality, type AlignedModality } from "../../core/domain/modality";
import type { SearchRequest, SearchResult, VectorTerm } from "../../core/domain/search";
import type { Progress } from "../../core/progress";
import { unlessAborted } from "../unlessAborted";
import { queryVector } from "./queryVector";
import { exactTop, type Selection } from "./scan/exactTop";
import type { Space } from "./space";

/** How a search is stopped and followed. */
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
): Promise<SearchResult> {
  const started = performance.now();
  const query = await queryVector(space, terms, scores);
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

/** The modality most of the query's weight is of; where they are even, not the target's. */
function weightiest(terms: readonly VectorTerm[], target: AlignedModality): AlignedModality {
  const weightOf = (side: AlignedModality) =>
    terms.reduce((sum, term) => sum + (term.modality === side ? Math.abs(term.weight) : 0), 0);
  const other = otherModality(target);
  return weightOf(target) > weightOf(other) ? target : other;
}
