import type {
  HubHit,
  HubItem,
  HubSearchRequest,
  HubSearchResult,
  HubTerm,
} from "../../core/domain/hubQuery";
import type { ScoreSettings } from "../../core/domain/query";
import { AppError } from "../../core/errors";
import { matrix, row } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { combineTerms, type WeightedVector } from "../search/combineTerms";
import { exactTop, type Selection } from "../search/scan/exactTop";
import { unlessAborted } from "../unlessAborted";
import type { HubSpace, SpaceMember } from "./hubSpace";

/** How a search is stopped and followed. */
export interface HubSearchContext {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/**
 * The items of one member with the highest scores for the sum of all terms, ties in the order of
 * the items; exactly what scoring every item gives. Items of other members never compete: two
 * modalities lie apart from each other, so a ranking of both would sort by modality first.
 *
 *   q = (Σ weight · f(term) / ‖f(term)‖), to length 1
 *
 * Source of the rule: Kong et al. 2025, UNITE, arXiv 2505.19650, modal-aware candidates.
 *
 * @throws AppError `storage/missing` for a member that left, `embeddings/missing` for one without
 *   items, `embeddings/width`, `query/empty`, `data/non-finite`, `data/too-few` when a correction
 *   finds no training items, `cancelled`.
 */
export async function searchHub(
  space: HubSpace,
  { terms, target, limit, splits, scores }: Omit<HubSearchRequest, "hubId">,
  { signal, report }: HubSearchContext,
): Promise<HubSearchResult> {
  const started = performance.now();
  const gallery = space.present(target);
  const vectors = await Promise.all(terms.map((term) => termVector(space, term, scores)));
  const query = combineTerms(vectors);
  const asked = { query, from: weightiest(terms, target), target, ...scores };
  const scoring = await unlessAborted(space.scores.scoring(asked, report), signal);
  if (signal.aborted) throw new AppError("cancelled");
  const selection = select(gallery, splits);
  const best = exactTop(gallery.vectors, query, {
    ...{ limit, selection, scoring },
    quantized: space.scores.quantized(target),
  });
  const hits = Array.from(best.rows, (r, i) => hitAt(gallery, r, i, best));
  return { hits, gallery: selection.rows.length, elapsedMs: performance.now() - started };
}

function hitAt(
  { items, splits }: SpaceMember,
  r: number,
  place: number,
  { scores, cosines }: { readonly scores: Float64Array; readonly cosines: Float64Array },
): HubHit {
  const item = items[r] ?? { projectId: "", item: -1 };
  const [score, cosine] = [scores[place] ?? NaN, cosines[place] ?? NaN];
  return { ...item, rank: place + 1, score, cosine, split: splits[r] ?? "test" };
}

async function termVector(
  space: HubSpace,
  term: HubTerm,
  scores: ScoreSettings,
): Promise<WeightedVector> {
  const { memberId, weight } = term;
  const own =
    "item" in term
      ? itemVector(space, memberId, term.item)
      : await projected(space, memberId, term.vector);
  return { vector: space.scores.asked(own, memberId, scores), weight };
}

function itemVector(space: HubSpace, memberId: string, item: HubItem) {
  const { member, vectors } = space.present(memberId);
  const place = space.rowOf(memberId, item);
  if (place === undefined) {
    throw new AppError("embeddings/missing", `${member.name}, item ${item.item + 1}`);
  }
  return row(vectors, place);
}

async function projected(
  space: HubSpace,
  memberId: string,
  vector: Float32Array<ArrayBuffer>,
): Promise<Float32Array<ArrayBuffer>> {
  if (!vector.every(Number.isFinite)) throw new AppError("data/non-finite", "query vector");
  return row(await space.project(memberId, matrix(1, vector.length, vector)), 0);
}

/** The member most of the query's weight is of; where it is even, not the target. */
function weightiest(terms: readonly HubTerm[], target: string): string {
  const weights = new Map<string, number>();
  for (const { memberId, weight } of terms) {
    weights.set(memberId, (weights.get(memberId) ?? 0) + Math.abs(weight));
  }
  let [best, most] = [target, weights.get(target) ?? 0];
  for (const [memberId, weight] of weights) {
    if (weight > most || (weight === most && best === target)) [best, most] = [memberId, weight];
  }
  return best;
}

function select({ splits }: SpaceMember, wanted: HubSearchRequest["splits"]): Selection {
  const mask = Uint8Array.from(splits, (split) => Number(wanted.includes(split)));
  const rows = Uint32Array.from(mask.keys()).filter((r) => mask[r] === 1);
  return { rows, mask: rows.length === splits.length ? null : mask };
}
