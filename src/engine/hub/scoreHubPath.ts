import type { HubMember, PathScore } from "../../core/domain/hub";
import { AppError } from "../../core/errors";
import { breathe } from "../align/breathe";
import { joinDataOf } from "./joinData";
import { referencesOf } from "./joinHub";
import { loadJoiningItems } from "./joiningItems";
import type { JoinContext, JoinDependencies } from "./joinService";
import { hubCaptionSplits } from "./links";
import { memberOf } from "./memberOf";
import { projectMembers, wantedRows, type MemberRows } from "./memberRows";
import { scorePath, type ReferenceRows } from "./pathScores";

/** Which path is measured. */
export interface PathRequest {
  readonly hubId: string;
  /** Ids of members. */
  readonly from: string;
  readonly to: string;
}

/**
 * Measures one path of a hub now, with the closed forms beside it where they can be fitted.
 *
 * @throws AppError `data/too-few` where no pair is held out that could measure it,
 *   `storage/missing`, `cancelled`.
 */
export async function scoreHubPath(
  deps: JoinDependencies,
  { hubId, from, to }: PathRequest,
  { signal, report }: JoinContext,
): Promise<PathScore> {
  const whole = await deps.hubs.get(hubId);
  const [a, b] = [memberOf(whole, from), memberOf(whole, to)];
  await deps.openBackend("wasm");
  const hubSplits = await hubCaptionSplits(deps.datasets, whole.hub);
  const projects = [a, b].flatMap(({ data }) => (data ? [data.projectId] : []));
  const wanted = whole.members.map((member) => wantedRows(member, projects));
  const rows = await projectMembers(deps, wanted, {
    ...{ hubSplits, stage: "project", signal, report },
  });
  const joined = [a, b]
    .filter((member) => member.joined !== null)
    .toSorted((x, y) => (y.joined?.at ?? 0) - (x.joined?.at ?? 0))[0];
  const references = joined ? await fitReferences(deps, joined, { rows, hubSplits, signal }) : null;
  await breathe(signal);
  const path = scorePath({ members: whole.members, rows, references }, from, to);
  if (path) return path;
  const detail = `no held-out items of “${a.name}” and “${b.name}” share a caption, nor do others that could stand in`;
  throw new AppError("data/too-few", detail);
}

interface Fitting {
  readonly rows: readonly MemberRows[];
  readonly hubSplits: Awaited<ReturnType<typeof hubCaptionSplits>>;
  readonly signal: AbortSignal;
}

/** Null where the pairs it was trained on are no longer there: the path itself is still measured. */
async function fitReferences(
  deps: JoinDependencies,
  member: HubMember,
  { rows, hubSplits, signal }: Fitting,
): Promise<ReferenceRows | null> {
  const { data, joined, encoder, modality } = member;
  const anchors = (joined?.anchors ?? []).flatMap(
    ({ memberId }) => rows.find((own) => own.memberId === memberId && own.rows.rows > 0) ?? [],
  );
  const own = rows.find(({ memberId }) => memberId === member.id);
  if (!data || !own || anchors.length === 0) return null;
  try {
    const project = await deps.projects.get(data.projectId);
    const items = await loadJoiningItems(deps, project, { modality, encoder, hubSplits });
    if (items.rows.rows !== own.rows.rows) return null; // captions of other projects are in `own`
    return await referencesOf(member, items, { data: joinDataOf(items, anchors), signal });
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (/^(data|embeddings|encoder|hub|storage)\//.test(error.code)) return null;
    throw error;
  }
}
