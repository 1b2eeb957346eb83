import { useCallback, useMemo } from "react";
import type { QueryAnswer } from "../../../app/querying";
import { useServices } from "../../../app/services";
import type { AlignedModality, Modality } from "../../../core/domain/modality";
import type { Project } from "../../../core/domain/project";
import type { GalleryFilter, ScoreSettings } from "../../../core/domain/query";
import type { Progress } from "../../../core/progress";
import { ItemCache } from "../../components/search/itemCache";
import { useAnswer } from "../../components/search/useAnswer";
import { loadItemIndex, type ItemIndex } from "../../components/search/itemIndex";
import { loadPairIndex } from "./pairIndex";
import { askedTerm, type ShownTerm } from "./queryTerms";

export interface Answer {
  /** What was asked. */
  readonly terms: readonly ShownTerm[];
  readonly target: AlignedModality;
  readonly scores: ScoreSettings;
  readonly hits: QueryAnswer["hits"];
  /** Items that were ranked: those the filter leaves. */
  readonly gallery: number;
  readonly encodeMs: number;
  readonly rankMs: number;
  readonly step: number;
  /** Shapes of the pictures, there before the first answer is. */
  readonly index: ItemIndex;
}

export interface SearchQuestion {
  readonly project: Project;
  readonly runId: string;
  readonly terms: readonly ShownTerm[];
  readonly target: AlignedModality;
  readonly scores: ScoreSettings;
  readonly filter: GalleryFilter;
  /** Step of the space in use: a newer one asks again. Undefined: not ready. */
  readonly step: number | undefined;
}

/** Ranks listed; nobody scrolls through more, and the answer stays small enough to send often. */
export const MAX_HITS = 3_000;

/** Items, pairs, shapes, labels and tags of a project, read once per import or edit. */
export function useProjectItems(project: Project) {
  const { stores } = useServices();
  const { digest, edits = [] } = project.data ?? {};
  const last = edits.at(-1);
  const change = last && "pairs" in last ? [last.kind, last.pairs.length, last.pairs[0]] : [];
  const tag = last && "tag" in last ? last.tag : "";
  const version = [digest, edits.length, ...change, tag].join("/"); // tags change no digest
  const lookup = useMemo(() => {
    const cache = new ItemCache(stores.datasets, project.id);
    const pairs = loadPairIndex(stores.datasets, project.id);
    const index = loadItemIndex(stores.datasets, project.id);
    // Whoever awaits them meets the fault; nobody awaiting yet is no unhandled one.
    for (const read of [pairs, index]) read.catch(() => {});
    const captionsOf = async (modality: Modality, item: number) =>
      modality === "image" ? (await pairs).captionsOf(item) : [];
    return { projectId: project.id, version, cache, captionsOf, pairs, index };
  }, [stores, project.id, version]);
  return lookup;
}

export type ProjectItems = ReturnType<typeof useProjectItems>;

/** Answers a question whenever it, or the space it is asked in, changes. */
export function useSearch(question: SearchQuestion, items: ProjectItems) {
  const { querying } = useServices();
  const { project, runId, terms, target, scores, filter, step } = question;
  const asked = useMemo(
    () => ({ project, runId, terms, target, scores, filter, items }),
    [project, runId, terms, target, scores, filter, items],
  );
  const ask = useCallback(
    (wanted: Asked, report: (progress: Progress) => void) => answerOf(querying, wanted, report),
    [querying],
  );
  return useAnswer(asked, { step, ask });
}

type Asked = Omit<SearchQuestion, "step"> & { readonly items: ProjectItems };

async function answerOf(
  querying: ReturnType<typeof useServices>["querying"],
  { project, runId, terms, target, scores, filter, items }: Asked,
  report: (progress: Progress) => void,
): Promise<Answer> {
  const options = { target, filter, scores, limit: MAX_HITS, report };
  const found = await querying.search(project, runId, terms.map(askedTerm), options);
  const index = await items.index;
  const { hits, gallery, encodeMs, elapsedMs: rankMs, step } = found;
  return { terms, target, scores, hits, gallery, encodeMs, rankMs, step, index };
}
