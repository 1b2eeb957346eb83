import type { Hub, HubMember, Joining, PathScore, WholeHub } from "../../src/core/domain/hub";
import { resolveAlign } from "../../src/core/domain/alignSettings";
import type { Modality } from "../../src/core/domain/modality";
import { estimate, point, retrieval } from "./retrieval";
import type { TrainedSoFar } from "../../src/core/domain/unfinishedJoining";
import type { Checkpoint } from "../../src/core/ports";
import { identityProjector, sampleCheckpoint } from "./samples";

const digestOf = (name: string) => name.repeat(64).slice(0, 64);

/** A member the hub was frozen with. */
export function baseMember(
  hubId: string,
  modality: "image" | "text",
  projectId: string,
): HubMember {
  return {
    id: modality,
    hubId,
    modality,
    name: modality === "image" ? "Images" : "Captions",
    encoder: {
      id: modality === "image" ? "efficientnet-lite0" : "all-minilm-l6-v2",
      ...{ pooling: "mean", layer: null },
    },
    encoderKey: `${modality}-key`,
    projector: identityProjector(modality, 2),
    digest: digestOf(modality),
    data: { projectId, digest: "d1" },
    joined: null,
  };
}

/** A hub frozen from a run of a project, or of its text encoder alone. */
export function sampleHub(projectId: string, change: Partial<Hub> = {}): Hub {
  const id = change.id ?? "h1";
  return {
    id,
    projectId,
    name: "Museum hub",
    createdAt: 1_700_000_000_000,
    source: { kind: "run", runId: "r1", runName: "first", step: 320 },
    dimension: 2,
    logitScale: 14,
    base: [baseMember(id, "image", projectId), baseMember(id, "text", projectId)],
    digest: digestOf("hub"),
    frozen: {
      embeddings: { image: digestOf("ie"), text: digestOf("te") },
      ranks: digestOf("r"),
      recalls: [
        { name: "image → text recall@10", value: 0.61 },
        { name: "text → image recall@10", value: 0.69 },
      ],
    },
    ...change,
  };
}

/** The score of one way between two members. */
export function samplePath(from: string, to: string, change: Partial<PathScore> = {}): PathScore {
  const { imageToText } = retrieval(0.62);
  return {
    ...{ from, to, kind: "trained", hops: 1, measure: "retrieval", result: imageToText },
    chance: { "1": 0.01, "5": 0.05, "10": 0.1 },
    shuffled: { "1": estimate(0.01), "5": estimate(0.05), "10": estimate(0.11) },
    ridge: { "1": estimate(0.2), "5": estimate(0.5), "10": estimate(0.58) },
    ...change,
  };
}

/** How sounds joined captions: an emergent path leads to the images. */
export function sampleJoining(member: string, change: Partial<Joining> = {}): Joining {
  const emergent = { kind: "emergent", hops: 2, result: retrieval(0.45).imageToText } as const;
  return {
    at: 1_700_000_100_000,
    hubDigest: digestOf("hub"),
    anchors: [{ memberId: "text", digest: digestOf("text"), pairs: 840 }],
    splits: { train: 640, validation: 100, test: 100 },
    followed: 12,
    leftOut: 3,
    seed: 0,
    training: {
      ...{ steps: 400, batchSize: 256, fuseMix: true, dimension: 2, dropout: 0, patience: null },
    },
    history: [point(100, retrieval(0.3)), point(200, retrieval(0.5))],
    best: { step: 200, score: 0.5 },
    device: "wasm",
    elapsedMs: 12_000,
    paths: [
      samplePath(member, "text"),
      samplePath("text", member),
      samplePath(member, "image", emergent),
      samplePath("image", member, emergent),
    ],
    check: null,
    ...change,
  };
}

interface JoinedMember {
  readonly hubId: string;
  readonly projectId: string;
  readonly modality?: Modality;
}

/** Sounds that joined a hub. */
export function joinedMember(
  { hubId, projectId, modality = "audio" }: JoinedMember,
  change: Partial<HubMember> = {},
): HubMember {
  const id = change.id ?? "sounds";
  return {
    id,
    hubId,
    modality,
    name: "Sounds",
    encoder: { id: "random-kernels", pooling: "mean", layer: null },
    encoderKey: "audio-key",
    projector: { ...identityProjector("image", 2), modality },
    digest: digestOf(id),
    data: { projectId, digest: "d1" },
    joined: sampleJoining(id),
    ...change,
  };
}

/** How far a joining got, and the checkpoint it goes on from. */
export function sampleTrained(
  runId: string,
  step: number,
): { readonly checkpoint: Checkpoint; readonly trained: TrainedSoFar } {
  const digest = digestOf("basis");
  const best = { step: step / 2, score: 0.5 };
  return {
    checkpoint: sampleCheckpoint(runId, step),
    trained: {
      ...{ basis: { hub: digest, encoder: digest, data: digest }, dataDigest: "d1" },
      ...{ settings: resolveAlign({}), training: sampleJoining("").training },
      ...{
        device: "wasm",
        step,
        isEnded: false,
        history: [point(step / 2, retrieval(0.5)), point(step)],
        best,
      },
    },
  };
}

/** The hub of `sampleHub` with the sounds of `joinedMember`. */
export function hubWithSounds(projectId: string): WholeHub {
  const hub = sampleHub(projectId);
  return { hub, members: [...hub.base, joinedMember({ hubId: hub.id, projectId })] };
}
