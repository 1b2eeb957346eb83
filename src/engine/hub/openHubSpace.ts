import type { Hub, HubMember, WholeHub } from "../../core/domain/hub";
import { AppError } from "../../core/errors";
import type { HubStore, ProjectStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { sha256 } from "../sha256";
import { throttleProgress } from "../throttleProgress";
import { HubSpace, type MemberPart, type SpaceSource } from "./hubSpace";
import { hubCaptionSplits, type CaptionSplits } from "./links";
import {
  loadMemberItems,
  projectInBlocks,
  textMemberOf,
  type GalleryStores,
  type MemberItems,
} from "./memberGallery";

/** What making the items of a hub ready takes. */
export interface SpaceStores extends GalleryStores {
  readonly hubs: Pick<HubStore, "get">;
  readonly projects: Pick<ProjectStore, "get">;
}

/** Parts that are in the shared space already, by what their numbers depend on. */
export type KnownParts = ReadonlyMap<string, MemberPart>;

/** A space with its parts, from which the next one takes what has not changed. */
export interface OpenedSpace {
  readonly space: HubSpace;
  readonly parts: KnownParts;
}

interface SpaceContext {
  readonly known: KnownParts;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * The items of every member in the shared space. A member whose items are gone is absent, with the
 * reason; the others are there. Only what `known` lacks is projected. Needs an open backend.
 *
 * The text member has the captions of the hub's own project, then those of the projects that joined.
 *
 * @throws AppError `storage/missing` when the hub is gone, `cancelled`.
 */
export async function openHubSpace(
  stores: SpaceStores,
  hubId: string,
  { known, signal, report }: SpaceContext,
): Promise<OpenedSpace> {
  const whole = await stores.hubs.get(hubId);
  const { hub, members } = whole;
  const splits = await hubCaptionSplits(stores.datasets, hub);
  const read: { readonly member: HubMember; readonly found: readonly Found[] }[] = [];
  for (const member of members) {
    if (signal.aborted) throw new AppError("cancelled");
    const projects = projectsOf(whole, member);
    const found = projects.map((projectId) => find(stores, { hub, member, splits, projectId }));
    read.push({ member, found: await Promise.all(found) });
  }
  const parts = new Map<string, MemberPart>();
  const project = projecting(read, { known, signal, report });
  const sources: SpaceSource[] = [];
  for (const { member, found } of read) {
    const own: MemberPart[] = [];
    for (const one of found) {
      if (!("items" in one)) continue;
      const part = known.get(one.key) ?? (await project(member, one.items));
      parts.set(one.key, part);
      own.push(part);
    }
    sources.push({ member, parts: own, absence: absenceOf(member, found) });
  }
  return { space: new HubSpace(hub, sources), parts };
}

/** What was read of a member in one project: items and the name of their state, or why none. */
type Found = { readonly key: string; readonly items: MemberItems } | { readonly absence: string };

interface Place {
  readonly hub: Hub;
  readonly member: HubMember;
  readonly splits: CaptionSplits;
  readonly projectId: string;
}

async function find(stores: SpaceStores, place: Place): Promise<Found> {
  const { member, splits, projectId } = place;
  try {
    await stores.projects.get(projectId);
  } catch (thrown) {
    if (AppError.from(thrown).code !== "storage/missing") throw thrown;
    return { absence: "the project with its items was deleted" };
  }
  const items = await loadMemberItems(stores, member, { hubSplits: splits, projectId });
  if (items.items.length > 0) return { key: await stateOf(place, items), items };
  const absence =
    items.missing > 0
      ? `none of its ${items.missing} items is encoded with ${member.encoder.id}`
      : "its project has no pairs of such items with captions";
  return { absence };
}

/** Digest of all that a part depends on; raw vectors follow from the encoder and the items. */
function stateOf(
  { member, projectId }: Place,
  { items, digests, captions, splits }: MemberItems,
): Promise<string> {
  const rows = digests.map((digest, r) =>
    [items[r], digest, splits[r], ...(captions[r] ?? [])].join(" "),
  );
  return sha256([member.digest, projectId, ...rows].join("\n"));
}

/** The hub's own text member also has the captions of every project that joined. */
function projectsOf({ hub, members }: WholeHub, member: HubMember): readonly string[] {
  const own = member.data ? [member.data.projectId] : [];
  if (member.id !== textMemberOf(hub).id) return own;
  const joined = members.flatMap(({ joined, data }) => (joined && data ? [data.projectId] : []));
  return [...new Set([...own, ...joined])];
}

function absenceOf(member: HubMember, found: readonly Found[]): string | null {
  if (found.some((one) => "items" in one)) return null;
  const [first] = found;
  if (member.data === null || !first || !("absence" in first)) {
    return "it came without items of its own, as a sense pack";
  }
  return first.absence;
}

/** Projects one part after the other, and tells how many rows of all are done. */
function projecting(
  read: readonly { readonly found: readonly Found[] }[],
  { known, signal, report }: SpaceContext,
) {
  const send = throttleProgress(report);
  const fresh = read
    .flatMap(({ found }) => found)
    .flatMap((one) => ("items" in one && !known.has(one.key) ? [one.items] : []));
  const total = fresh.reduce((sum, { items }) => sum + items.length, 0);
  let before = 0;
  return async (member: HubMember, items: MemberItems): Promise<MemberPart> => {
    const vectors = await projectInBlocks(member.projector, items.raw, {
      signal,
      onRows: (rows) => send({ stage: "project", done: before + rows, total, unit: "items" }),
    });
    before += items.items.length;
    return { ...items, vectors };
  };
}
