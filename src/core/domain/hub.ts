import type { Device, EmbeddingChoice } from "./encoder";
import type { Estimate, RetrievalResult } from "./evaluation";
import type { Split } from "./dataset";
import type { Modality } from "./modality";
import type { NamedItems } from "./namedItems";
import type { Projector } from "./projector";
import type { HistoryPoint, ResolvedTraining } from "./run";

/**
 * A frozen shared space that more modalities join, as OneEncoder adds them one by one (Faye et al.,
 * arXiv 2409.11059): what is in it never changes, so that what was measured of it stays true.
 */
export interface Hub {
  readonly id: string;
  /** The project whose run was frozen; its items are the first gallery. */
  readonly projectId: string;
  readonly name: string;
  readonly createdAt: number;
  readonly source: HubSource;
  /** Width P of the shared space. */
  readonly dimension: number;
  /** exp(t) of the run that was frozen. */
  readonly logitScale: number;
  /** The members it was frozen with; those that joined later are stored beside it. */
  readonly base: readonly HubMember[];
  /** SHA-256 (hex) over dimension and the digests of `base`: what a sense pack must fit. */
  readonly digest: string;
  /** What the base gave when it was frozen; null where nothing is encoded. */
  readonly frozen: FrozenState | null;
}

/** What was frozen: both projectors of a run, or a text encoder's own space as it is. */
export type HubSource =
  | {
      readonly kind: "run";
      readonly runId: string;
      readonly runName: string;
      readonly step: number;
    }
  | { readonly kind: "text-encoder" };

/** One modality of a hub: an encoder and the projector that takes it into the shared space. */
export interface HubMember {
  /** `image` or `text` for those the hub was frozen with, else a UUID. */
  readonly id: string;
  readonly hubId: string;
  readonly modality: Modality;
  readonly name: string;
  readonly encoder: EmbeddingChoice;
  readonly encoderKey: string;
  /** Frozen; its normalisation of the input is part of it. */
  readonly projector: Projector;
  /** SHA-256 (hex) over modality, encoder key, and the projector's form and numbers. */
  readonly digest: string;
  /** Whose items of this modality are in the gallery; null: none, it came as a sense pack. */
  readonly data: MemberData | null;
  /** How it joined; null for those the hub was frozen with. */
  readonly joined: Joining | null;
}

export interface MemberData {
  readonly projectId: string;
  /** `ProjectData.digest` at the time. */
  readonly digest: string;
}

/** The training that brought a member in, complete enough to judge it. */
export interface Joining {
  readonly at: number;
  readonly hubDigest: string;
  /** Members it was trained against: the solid edges of the graph. */
  readonly anchors: readonly Anchor[];
  /** Pairs per split, of all anchors together. */
  readonly splits: Readonly<Record<Split, number>>;
  /** Pairs whose split was moved to that of the hub's own pairs with the same caption. */
  readonly followed: number;
  /** Pairs left out because one side has no embedding. */
  readonly leftOut: number;
  readonly seed: number;
  readonly training: ResolvedTraining;
  readonly history: readonly HistoryPoint[];
  readonly best: { readonly step: number; readonly score: number } | null;
  readonly device: Device;
  readonly elapsedMs: number;
  /** Held-out recalls between this member and every other, measured when it joined. */
  readonly paths: readonly PathScore[];
  /** That everything frozen was the same before and after, to the bit. */
  readonly check: FrozenCheck | null;
  /** Why what had been trained before a stop was not gone on with, as a sentence. Absent: it was. */
  readonly restart?: string;
  /** Items that were encoded with a doubt: silent or cut-off recordings. Absent: not known. */
  readonly flagged?: NamedItems;
  /** Items that could not be encoded when it joined. Absent: not known. */
  readonly failed?: NamedItems;
}

/** A member another was trained against. */
export interface Anchor {
  readonly memberId: string;
  /** Of that member, so that a removed and a changed anchor can be told from the one meant. */
  readonly digest: string;
  readonly pairs: number;
}

/** What frozen members gave at one moment. */
export interface FrozenState {
  /** SHA-256 (hex) of the projected embeddings of each frozen member's own items, by member id. */
  readonly embeddings: Readonly<Record<string, string>>;
  /** SHA-256 (hex) over the ranks of the hub's own held-out queries, all directions. */
  readonly ranks: string;
  /** The recalls behind those ranks, for people. */
  readonly recalls: readonly { readonly name: string; readonly value: number }[];
}

export interface FrozenCheck {
  readonly before: FrozenState;
  readonly after: FrozenState;
  /** Whether both are the same to the bit. */
  readonly isUnchanged: boolean;
}

/** How well queries of one member find items of another, on pairs held out by both. */
export interface PathScore {
  /** Ids of members. */
  readonly from: string;
  readonly to: string;
  /** `trained`: pairs of the two were trained on. `emergent`: they meet through others only. */
  readonly kind: "trained" | "emergent";
  /** Trained edges on the shortest way between the two; 1 for a trained path. */
  readonly hops: number;
  /**
   * `retrieval`: true pairs that were held out. `cycle`: there are none; `from` → `to` → a third
   * member, whose true pairs with `from` are known: an estimate, from below.
   */
  readonly measure: "retrieval" | "cycle";
  readonly result: RetrievalResult;
  /** Recall@k of guessing, by k. */
  readonly chance: Readonly<Record<string, number>>;
  /** The same recalls of a ridge map fitted to shuffled pairs; null where none was fitted. */
  readonly shuffled: Readonly<Record<string, Estimate>> | null;
  /** The same recalls of a ridge map fitted to the true pairs; null where none was fitted. */
  readonly ridge: Readonly<Record<string, Estimate>> | null;
}

/** Every member of a hub, those it was frozen with first. */
export interface WholeHub {
  readonly hub: Hub;
  readonly members: readonly HubMember[];
}

/**
 * Trained edges on the shortest way between two members; the members a hub was frozen with are one
 * edge apart. Null: no way leads from one to the other, because what joined them was removed.
 */
export function hopsBetween(
  members: readonly HubMember[],
  from: string,
  to: string,
): number | null {
  const near = (id: string): readonly string[] =>
    members.flatMap((member) => {
      const anchors = member.joined?.anchors.map(({ memberId }) => memberId) ?? null;
      if (member.id === id) return anchors ?? baseIds(members);
      const isBoth = anchors === null && baseIds(members).includes(id);
      return isBoth || anchors?.includes(id) ? [member.id] : [];
    });
  const known = new Set(members.map(({ id }) => id));
  const reached = new Map([[from, 0]]);
  for (const [id, hops] of reached) {
    for (const next of near(id)) {
      if (known.has(next) && !reached.has(next)) reached.set(next, hops + 1);
    }
  }
  return reached.get(to) ?? null;
}

const baseIds = (members: readonly HubMember[]) =>
  members.filter(({ joined }) => joined === null).map(({ id }) => id);
