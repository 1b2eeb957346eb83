import {
  boolean,
  count,
  dictionary,
  digest,
  either,
  fields,
  list,
  nullable,
  number,
  oneOf,
  optional,
  text,
  type Shape,
} from "../formats/shape";
import { embeddingChoice } from "./encoderShapes";
import type {
  Anchor,
  FrozenCheck,
  FrozenState,
  Hub,
  HubMember,
  HubSource,
  Joining,
  MemberData,
  PathScore,
} from "./hub";
import { MODALITIES } from "./modality";
import type { ItemNote, NamedItems } from "./namedItems";
import { best, estimate, historyPoint, projectorShape, retrieval, training } from "./runShapes";

const frozenState = fields<FrozenState>({
  embeddings: dictionary(text),
  ranks: text,
  recalls: list(fields<FrozenState["recalls"][number]>({ name: text, value: number })),
});

const pathScore = fields<PathScore>({
  from: text,
  to: text,
  kind: oneOf(["trained", "emergent"]),
  hops: count,
  measure: oneOf(["retrieval", "cycle"]),
  result: retrieval,
  chance: dictionary(number),
  shuffled: nullable(dictionary(estimate)),
  ridge: nullable(dictionary(estimate)),
});

const namedItems = fields<NamedItems>({
  count,
  named: list(fields<ItemNote>({ digest: text, source: text, reason: text })),
});

/** How a member joined its hub. */
const joiningShape = fields<Joining>({
  at: number,
  hubDigest: digest,
  anchors: list(fields<Anchor>({ memberId: text, digest, pairs: count })),
  splits: fields<Joining["splits"]>({ train: count, validation: count, test: count }),
  followed: count,
  leftOut: count,
  seed: count,
  training,
  history: list(historyPoint),
  best,
  device: oneOf(["webgpu", "wasm", "cpu"]),
  elapsedMs: number,
  paths: list(pathScore),
  check: nullable(
    fields<FrozenCheck>({ before: frozenState, after: frozenState, isUnchanged: boolean }),
  ),
  restart: optional(text),
  flagged: optional(namedItems),
  failed: optional(namedItems),
});

/** What a member is besides its projector, its hub and its items. */
export const memberFacts = {
  id: text,
  modality: oneOf(MODALITIES),
  name: text,
  encoder: embeddingChoice,
  encoderKey: digest,
  digest,
  joined: nullable(joiningShape),
};

const memberShape = fields<HubMember>({
  ...memberFacts,
  hubId: text,
  projector: projectorShape,
  data: nullable(fields<MemberData>({ projectId: text, digest: text })),
});

const source: Shape<HubSource> = either(
  fields<Extract<HubSource, { kind: "run" }>>({
    kind: oneOf(["run"]),
    runId: text,
    runName: text,
    step: count,
  }),
  fields<Extract<HubSource, { kind: "text-encoder" }>>({ kind: oneOf(["text-encoder"]) }),
);

/** A hub's own record. */
export const hubShape = fields<Hub>({
  id: text,
  projectId: text,
  name: text,
  createdAt: number,
  source,
  dimension: count,
  logitScale: number,
  base: list(memberShape),
  digest,
  frozen: nullable(frozenState),
});

/** Those that joined a hub. */
export const membersShape = list(memberShape);
