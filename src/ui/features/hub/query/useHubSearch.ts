import { useCallback, useMemo } from "react";
import { useServices } from "../../../../app/services";
import type { Split } from "../../../../core/domain/dataset";
import type { HubMember, WholeHub } from "../../../../core/domain/hub";
import type { HubHit } from "../../../../core/domain/hubQuery";
import type { ScoreSettings } from "../../../../core/domain/query";
import { AppError } from "../../../../core/errors";
import type { Progress } from "../../../../core/progress";
import type { ItemIndex } from "../../../components/search/itemIndex";
import { useAnswer } from "../../../components/search/useAnswer";
import type { HubItems } from "./hubItems";
import { askedHubTerm, memberOfTerm, type ShownHubTerm } from "./hubTerms";
import type { HubQuery } from "./useHubQuery";

/** What was found, with what was asked. */
export interface HubAnswer {
  readonly terms: readonly ShownHubTerm[];
  /** Members the terms are of, each once. */
  readonly sources: readonly HubMember[];
  readonly target: HubMember;
  readonly scores: ScoreSettings;
  readonly hits: readonly HubHit[];
  /** Items that were ranked: those the filter leaves. */
  readonly gallery: number;
  readonly encodeMs: number;
  readonly rankMs: number;
  /** Width over height of a picture found; 1 where it is none. */
  readonly ratioOf: (hit: HubHit) => number;
}

interface Asked {
  readonly hubId: string;
  readonly members: readonly HubMember[];
  readonly terms: readonly ShownHubTerm[];
  readonly target: string;
  readonly splits: readonly Split[];
  readonly scores: ScoreSettings;
}

/** Ranks listed; nobody scrolls through more. */
const MAX_HITS = 1_000;

/** Answers the query whenever it, or the gallery, changes. */
export function useHubSearch(
  { hub, members }: WholeHub,
  query: HubQuery,
  { items, step }: { readonly items: HubItems; readonly step: string | undefined },
) {
  const { hubs } = useServices();
  const { terms, target, splits, scores } = query;
  const asked = useMemo(
    () => ({ hubId: hub.id, members, terms, target, splits, scores }),
    [hub.id, members, terms, target, splits, scores],
  );
  const ask = useCallback(
    async (wanted: Asked, report: (progress: Progress) => void): Promise<HubAnswer> => {
      const found = await hubs.search(
        wanted.hubId,
        wanted.members,
        wanted.terms.map((term) => askedHubTerm(term, wanted.members)),
        { ...wanted, limit: MAX_HITS, report },
      );
      return withWhatIsShown(wanted, found, items);
    },
    [hubs, items],
  );
  return useAnswer<Asked, HubAnswer>(asked, { step, ask });
}

async function withWhatIsShown(
  { members, terms, target: targetId, scores }: Asked,
  found: Awaited<ReturnType<ReturnType<typeof useServices>["hubs"]["search"]>>,
  items: HubItems,
): Promise<HubAnswer> {
  const target = members.find(({ id }) => id === targetId) ?? members[0];
  const { hits, gallery, encodeMs, elapsedMs: rankMs } = found;
  if (!target) throw new AppError("internal", "a hub without members was searched");
  const shapes = target.modality === "image" ? await shapesOf(hits, items) : undefined;
  const sources = new Set(terms.flatMap((term) => memberOfTerm(term, members) ?? []));
  return {
    ...{ terms, target, scores, hits, gallery, encodeMs, rankMs },
    sources: [...sources],
    ratioOf: ({ projectId, item }) => shapes?.get(projectId)?.ratioOf(item) ?? 1,
  };
}

async function shapesOf(
  hits: readonly HubHit[],
  items: HubItems,
): Promise<ReadonlyMap<string, ItemIndex>> {
  const projects = [...new Set(hits.map(({ projectId }) => projectId))];
  return new Map(
    await Promise.all(
      projects.map(async (id): Promise<[string, ItemIndex]> => [id, await items.of(id).index()]),
    ),
  );
}
