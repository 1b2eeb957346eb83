import { embeddingWidth } from "../../core/domain/encoder";
import type { Hub, HubMember, HubSource, MemberData } from "../../core/domain/hub";
import type { FreezeRequest } from "../../core/domain/joinRequest";
import type { AlignedModality } from "../../core/domain/modality";
import type { Project } from "../../core/domain/project";
import type { Projector } from "../../core/domain/projector";
import { AppError } from "../../core/errors";
import { encoderKey } from "../encoding/encoderKey";
import { frozenState } from "./frozenState";
import type { JoinContext, JoinDependencies } from "./joinService";
import { hubCaptionSplits } from "./links";
import { hubDigest, memberDigest } from "./memberDigest";
import { projectMembers, wantedRows } from "./memberRows";

const PLAIN_SCALE = 1 / 0.07; // where a training's scale begins: nothing was trained here
const NAMES = { image: "Images", text: "Captions" } as const satisfies Record<
  AlignedModality,
  string
>;

/**
 * Freezes a run's projectors, or a text encoder's own space, as a new hub, and stores it with what
 * it gives now.
 *
 * @throws AppError `storage/missing`, `embeddings/missing` for a run without projectors,
 *   `hub/unsuited` for one whose space nothing can join, `encoder/missing`, `cancelled`.
 */
export async function freezeHub(
  deps: JoinDependencies,
  request: FreezeRequest,
  { signal, report }: JoinContext,
): Promise<Hub> {
  const project = await deps.projects.get(request.projectId);
  const hubId = crypto.randomUUID();
  const frozen = await partsOf(deps, project, request.source);
  const data = project.data && { projectId: project.id, digest: project.data.digest };
  const base = await Promise.all(frozen.parts.map((part) => memberOf(hubId, part, data)));
  const dimension = base[0]?.projector.dimension ?? 0;
  const hub: Omit<Hub, "frozen"> = {
    id: hubId,
    projectId: project.id,
    name: request.name,
    createdAt: deps.now(),
    source: frozen.source,
    dimension,
    logitScale: frozen.logitScale,
    base,
    digest: await hubDigest({ dimension, base }),
  };
  await deps.openBackend("wasm");
  const hubSplits = await hubCaptionSplits(deps.datasets, hub);
  const rows = await projectMembers(
    deps,
    base.map((member) => wantedRows(member)),
    { hubSplits, stage: "freeze", signal, report },
  );
  const isEmpty = rows.every(({ own }) => own.rows.rows === 0);
  const whole: Hub = { ...hub, frozen: isEmpty ? null : await frozenState(base, rows) };
  if (signal.aborted) throw new AppError("cancelled");
  await deps.hubs.put(whole);
  return whole;
}

interface Part extends Pick<HubMember, "encoder" | "encoderKey"> {
  readonly projector: Projector & { readonly modality: AlignedModality };
}

interface Parts {
  readonly parts: readonly Part[];
  readonly source: HubSource;
  readonly logitScale: number;
}

async function partsOf(
  deps: JoinDependencies,
  project: Project,
  source: HubSource,
): Promise<Parts> {
  if (source.kind === "run") return partsOfRun(deps, source);
  const encoder = project.encoders.text;
  const spec = await deps.encoders.get(encoder.id);
  const width = embeddingWidth(spec, encoder);
  const space = { inputWidth: width, dimension: width, tensors: {} };
  const projector = { kind: "identity", modality: "text", ...space } as const;
  const parts = [{ encoder, encoderKey: await encoderKey(spec, encoder), projector }];
  return { parts, source, logitScale: PLAIN_SCALE };
}

async function partsOfRun(
  { runs }: JoinDependencies,
  source: Extract<HubSource, { kind: "run" }>,
): Promise<Parts> {
  const run = await runs.get(source.runId);
  const pair = await runs.projectors(source.runId);
  if (!pair) throw new AppError("embeddings/missing", `“${run.name}” has no projectors yet`);
  const parts = (["image", "text"] as const).map((side): Part => {
    const projector = pair[side];
    if (projector.kind === "asif") {
      throw new AppError("hub/unsuited", `“${run.name}” was made by ASIF`);
    }
    return {
      encoder: run.recipe.encoders[side],
      encoderKey: run.embeddingKeys[side],
      projector: { ...projector, modality: side },
    };
  });
  const { logitScale, step } = pair;
  return { parts, source: { ...source, runName: run.name, step }, logitScale };
}

async function memberOf(
  hubId: string,
  { projector, ...part }: Part,
  data: MemberData | null,
): Promise<HubMember> {
  const { modality } = projector;
  const digest = await memberDigest({ ...part, modality, projector });
  const name = NAMES[modality];
  return { id: modality, hubId, modality, name, ...part, projector, digest, data, joined: null };
}
