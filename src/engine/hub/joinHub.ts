import type { FrozenCheck, HubMember, Joining, PathScore, WholeHub } from "../../core/domain/hub";
import type { JoinProgress, JoinRequest } from "../../core/domain/joinRequest";
import type { NamedItems } from "../../core/domain/namedItems";
import { AppError } from "../../core/errors";
import type { JoinBasis, UnfinishedJoining } from "../../core/domain/unfinishedJoining";
import { breathe } from "../align/breathe";
import { frozenState, isSameState, refuseChangedNumbers } from "./frozenState";
import { joinBasis } from "./joinBasis";
import { joinDataOf, type JoinData } from "./joinData";
import { loadJoiningItems, type JoiningItems } from "./joiningItems";
import type { JoinContext, JoinDependencies } from "./joinService";
import { hubCaptionSplits } from "./links";
import { memberDigest } from "./memberDigest";
import { projectInBlocks } from "./memberGallery";
import { memberOf } from "./memberOf";
import { projectMembers, wantedRows, type MemberRows } from "./memberRows";
import { scorePath, type PathPlan, type ReferenceRows } from "./pathScores";
import { ridgeReference } from "./ridgeReference";
import { resumeJoin, type ResumableContext, type Resumed } from "./resumeJoin";

/**
 * Trains one projector against frozen members, measures its paths to every other member, checks
 * that nothing frozen moved, and stores it. Until then an `UnfinishedJoining` is stored, from which
 * the next call for the same items and hub goes on; with the member it is gone.
 *
 * @throws AppError `hub/nothing-linked`, `hub/changed`, `embeddings/missing`, `storage/missing`,
 *   `cancelled`, as `joinDataOf`, `trainJoin` and `ridgeReference`.
 */
export async function joinHub(
  deps: JoinDependencies,
  request: JoinRequest,
  context: ResumableContext,
): Promise<HubMember> {
  const { signal, report } = context;
  const whole = await deps.hubs.get(request.hubId);
  await refuseChangedNumbers(whole);
  const project = await deps.projects.get(request.projectId);
  const { device: _, ...wish } = request;
  const joining = await deps.joinings.begin(wish, deps.now());
  await deps.openBackend("wasm"); // what is frozen is digested: the same bits on every machine
  const hubSplits = await hubCaptionSplits(deps.datasets, whole.hub);
  const items = await loadJoiningItems(deps, project, { ...request, hubSplits });
  const flagged = await items.flagged();
  const rows = await projectMembers(deps, wantedOf(whole, request), {
    ...{ hubSplits, stage: "project", signal, report },
  });
  const before = await frozenState(whole.members, rows);
  const anchors = request.anchors.map((id) => anchorRows(whole, rows, id));
  const data = joinDataOf(items, anchors);
  const basis = await basisOf(whole, { items, data, anchors });
  const training = await resumeJoin(deps, { request, joining, project, data, basis }, context);
  await deps.openBackend("wasm");
  const { projector } = training.trained;
  const { modality, name, encoder } = request;
  const member: Omit<HubMember, "joined"> = {
    ...{ id: crypto.randomUUID(), hubId: whole.hub.id, modality, name, encoder },
    ...{ encoderKey: items.encoderKey, projector },
    digest: await memberDigest({ modality, encoderKey: items.encoderKey, projector }),
    data: project.data && { projectId: project.id, digest: project.data.digest },
  };
  const told = { request, joining, items, flagged, data, anchors, at: deps.now(), ...training };
  const joined = joiningOf(whole, told);
  const candidate = { ...member, joined: { ...joined, paths: [], check: null } };
  const paths = await measure({ whole, rows, items, data, candidate }, context);
  const after = await stateNow(deps, whole, { hubSplits, signal, report });
  const check: FrozenCheck = { before, after, isUnchanged: isSameState(before, after) };
  if (!check.isUnchanged) throw new AppError("hub/changed", `“${whole.hub.name}”, while training`);
  const finished: HubMember = { ...member, joined: { ...joined, paths, check } };
  await breathe(signal);
  await deps.joinings.end(request, finished);
  return finished;
}

interface Joined extends Resumed {
  readonly request: JoinRequest;
  readonly joining: UnfinishedJoining;
  readonly items: JoiningItems;
  readonly flagged: NamedItems;
  readonly data: JoinData;
  readonly anchors: readonly MemberRows[];
  readonly at: number;
}

/** What is told of a training, but for what is measured afterwards. */
function joiningOf(
  whole: WholeHub,
  { request, joining, items, flagged, data, anchors, at, trained, device, note }: Joined,
): Omit<Joining, "paths" | "check"> {
  const isText = ({ memberId }: MemberRows) => memberOf(whole, memberId).modality === "text";
  const captions = anchors.find(isText);
  const { training, history, best, elapsedMs } = trained;
  return {
    ...{ at, hubDigest: whole.hub.digest, seed: request.seed, splits: data.splits },
    anchors: anchors.map(({ memberId }, i) => {
      const { digest } = memberOf(whole, memberId);
      return { memberId, digest, pairs: data.pairs[i] ?? 0 };
    }),
    followed: items.followed,
    leftOut: items.leftOut(captions ? new Set(captions.digests) : null),
    ...{ training, history, best, device, elapsedMs },
    ...(note !== undefined && { restart: note }),
    ...{ flagged, failed: joining.failed },
  };
}

/** Digests of what the projector is trained on. */
function basisOf(
  whole: WholeHub,
  { items, data, anchors }: Pick<Joined, "items" | "data" | "anchors">,
): Promise<JoinBasis> {
  const anchorDigests = anchors.map(({ memberId }) => memberOf(whole, memberId).digest);
  const { encoderKey } = items;
  return joinBasis({ hubDigest: whole.hub.digest, anchorDigests, encoderKey, data });
}

/** What every member of a hub gives now, projected anew. Needs the WebAssembly backend. */
export async function stateNow(
  deps: JoinDependencies,
  { members }: Pick<WholeHub, "members">,
  context: Omit<Parameters<typeof projectMembers>[2], "stage">,
) {
  const wanted = members.map((member) => wantedRows(member));
  const rows = await projectMembers(deps, wanted, { ...context, stage: "verify" });
  return frozenState(members, rows);
}

const wantedOf = ({ members }: WholeHub, { projectId }: JoinRequest) =>
  members.map((member) => wantedRows(member, [projectId]));

function anchorRows(whole: WholeHub, rows: readonly MemberRows[], id: string): MemberRows {
  const { name } = memberOf(whole, id);
  const found = rows.find(({ memberId }) => memberId === id);
  if (!found || found.rows.rows === 0) {
    throw new AppError("embeddings/missing", `no items of “${name}” are encoded`);
  }
  return found;
}

interface Measured {
  readonly whole: WholeHub;
  readonly rows: readonly MemberRows[];
  readonly items: JoiningItems;
  readonly data: JoinData;
  readonly candidate: HubMember;
}

/** Both ways between the new member and every other, as far as they can be measured. */
async function measure(
  { whole, rows, items, data, candidate }: Measured,
  { signal, report }: JoinContext<JoinProgress>,
): Promise<PathScore[]> {
  const total = 2 * whole.members.length + 1;
  let done = 0;
  const step = () => report({ stage: "evaluate", done: done++, total, unit: "steps" });
  step();
  const own = await projectInBlocks(candidate.projector, items.rows, { signal });
  const plan: PathPlan = {
    members: [...whole.members, candidate],
    rows: [...rows, { memberId: candidate.id, name: candidate.name, ...linksOf(items), rows: own }],
    references: await referencesOf(candidate, items, { data, signal }),
  };
  const paths: PathScore[] = [];
  for (const { id } of whole.members) {
    for (const [from, to] of [
      [candidate.id, id],
      [id, candidate.id],
    ] as const) {
      step();
      await breathe(signal);
      const path = scorePath(plan, from, to);
      if (path) paths.push(path);
    }
  }
  report({ stage: "evaluate", done: total, total, unit: "steps" });
  return paths;
}

const linksOf = ({ captions, splits }: JoiningItems) => ({ captions, splits });

/** The closed forms a member is compared with, on its own items; null where too few train. */
export async function referencesOf(
  { id, modality, joined }: HubMember,
  { rows }: Pick<JoiningItems, "rows">,
  { data, signal }: { readonly data: JoinData; readonly signal: AbortSignal },
): Promise<ReferenceRows | null> {
  const seed = joined?.seed ?? 0;
  const reference = await ridgeReference(data, { modality, seed, signal });
  if (!reference) return null;
  const ridge = await projectInBlocks(reference.ridge, rows, { signal });
  const shuffled = await projectInBlocks(reference.shuffled, rows, { signal });
  return { memberId: id, ridge, shuffled };
}
