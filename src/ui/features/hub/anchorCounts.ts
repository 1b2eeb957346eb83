import { useLoaded, useServices, type Loaded } from "../../../app/services";
import type { Item, Pair } from "../../../core/domain/dataset";
import type { HubMember } from "../../../core/domain/hub";
import type { Modality } from "../../../core/domain/modality";
import type { Project } from "../../../core/domain/project";
import type { DatasetStore } from "../../../core/ports";

/** Captions of the items of one modality: digests of the captions, by index of the item. */
export type CaptionsOf = ReadonlyMap<number, ReadonlySet<string>>;

/** Which captions the items of a modality have, from the pairs that are in use. */
export function captionsOf(
  pairs: readonly Pair[],
  texts: readonly Pick<Item, "digest">[],
  modality: Modality,
): CaptionsOf {
  const captions = new Map<number, Set<string>>();
  for (const pair of pairs) {
    const item = pair[modality];
    const caption = pair.text === undefined ? undefined : texts[pair.text]?.digest;
    if (pair.excluded !== undefined || item === undefined || caption === undefined) continue;
    captions.set(item, (captions.get(item) ?? new Set()).add(caption));
  }
  return captions;
}

/** Items that share a caption with some item of the other side. */
export function linkedCount(items: CaptionsOf, others: CaptionsOf): number {
  const known = new Set([...others.values()].flatMap((captions) => [...captions]));
  return [...items.values()].filter((captions) => [...captions].some((c) => known.has(c))).length;
}

/**
 * How many items of a project find a partner in each member, by member id; null for a member that
 * has no items. A text member takes every caption, also one it never saw.
 */
export function useAnchorCounts(
  source: Project,
  members: readonly HubMember[],
): Loaded<Readonly<Record<string, number | null>>> {
  const { stores } = useServices();
  const digests = members.map(({ id, data }) => `${id}:${data?.digest ?? ""}`);
  const key = ["anchors", source.id, source.data?.digest ?? "", ...digests].join("/");
  const load = async () => {
    const media = source.data?.media;
    if (!media) return {};
    const items = await loadCaptions(stores.datasets, source.id, media);
    const counts: Record<string, number | null> = {};
    for (const { id, modality, data } of members) {
      if (modality === "text") counts[id] = items.size;
      else if (!data) counts[id] = null;
      else {
        const others = await loadCaptions(stores.datasets, data.projectId, modality);
        counts[id] = linkedCount(items, others);
      }
    }
    return counts;
  };
  return useLoaded(key, load, [`project/${source.id}`, "projects"]);
}

async function loadCaptions(
  datasets: DatasetStore,
  projectId: string,
  modality: Modality,
): Promise<CaptionsOf> {
  const [pairs, texts] = await Promise.all([
    datasets.pairs(projectId),
    datasets.items(projectId, "text"),
  ]);
  return captionsOf(pairs, texts, modality);
}
