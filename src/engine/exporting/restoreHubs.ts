import type { HubMember, WholeHub } from "../../core/domain/hub";
import { hubShape, membersShape } from "../../core/domain/hubShapes";
import { renameIds } from "../../core/domain/renameIds";
import { refuse } from "../../core/formats/shape";
import type { ProjectReader } from "./projectReader";

interface RestoredHubsOptions {
  readonly reader: ProjectReader;
  /** Of the hubs, as the file has them. */
  readonly hubIds: readonly string[];
  /** Ids of the file to the new ones: the project, its runs, its hubs. */
  readonly ids: ReadonlyMap<string, string>;
  /** Projects this browser has. */
  readonly known: ReadonlySet<string>;
}

/** Hubs of a project file under their new ids, and what differs, in words. */
export interface RestoredHubs {
  readonly hubs: readonly WholeHub[];
  readonly notes: readonly string[];
}

/**
 * Hubs of a project file. A member whose items lie in a project that is not here keeps its projector
 * and what was measured; it has no items to find until they are brought again.
 *
 * @throws AppError `project-file/damaged`.
 */
export async function restoreHubs(options: RestoredHubsOptions): Promise<RestoredHubs> {
  const notes: string[] = [];
  const hubs: WholeHub[] = [];
  for (const id of options.hubIds) hubs.push(await restoreHub(id, options, notes));
  return { hubs, notes };
}

async function restoreHub(
  id: string,
  { reader, ids, known }: RestoredHubsOptions,
  notes: string[],
): Promise<WholeHub> {
  const path = `hubs/${id}`;
  const hub = hubShape(await reader.record(`${path}/hub`), `${path}/hub.json`);
  if (hub.id !== id) refuse(`${path}/hub.json.id`, id, hub.id);
  if (!ids.has(hub.projectId)) refuse(`${path}/hub.json.projectId`, "this project", hub.projectId);
  const joined = membersShape(await reader.record(`${path}/joined`), `${path}/joined.json`);
  const own = new Set([...known, ...ids.values()]);
  const members = renameIds(joined, ids).map((member): HubMember => {
    if (member.hubId !== ids.get(id)) refuse(`${path}/joined.json`, "members of this hub", id);
    if (!member.data || own.has(member.data.projectId)) return member;
    notes.push(
      `The items of “${member.name}” in the hub “${hub.name}” belong to another project, which is not here: open its file too, then add it to the hub again to find them.`,
    );
    return { ...member, data: null };
  });
  const renamed = renameIds(hub, ids);
  return { hub: renamed, members: [...renamed.base, ...members] };
}
