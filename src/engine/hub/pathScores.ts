import type { Split } from "../../core/domain/dataset";
import type { Estimate, RetrievalPair } from "../../core/domain/evaluation";
import { hopsBetween, type HubMember, type PathScore } from "../../core/domain/hub";
import { takeRows, type Matrix } from "../../core/math/matrix";
import { bootstrapMeans } from "../../core/metrics/bootstrap";
import { chanceRetrieval } from "../../core/metrics/chance";
import { evaluateRetrieval, galleriesOf } from "../../core/metrics/evaluateRetrieval";
import {
  firstHitRanks,
  meanRank,
  meanReciprocalRank,
  medianRank,
} from "../../core/metrics/retrieval";
import type { AnchorRows } from "./joinData";
import { pairsByCaption } from "./links";
import { nearestRows } from "./nearestRows";
import { centredRows } from "./ridgeReference";

const KS = [1, 5, 10] as const;
const SEED = 0; // of the intervals: the same path has the same one, whoever asks

/** One member's raw features through the closed forms it is compared with, row by row. */
export interface ReferenceRows {
  readonly memberId: string;
  readonly ridge: Matrix;
  readonly shuffled: Matrix;
}

/** What paths are measured between. */
export interface PathPlan {
  readonly members: readonly HubMember[];
  /** Every member with items, also those a cycle may return by. */
  readonly rows: readonly AnchorRows[];
  readonly references: ReferenceRows | null;
}

/**
 * How well queries of one member find items of another, on pairs held out by both; where no true
 * pairs are held out, a cycle estimate. Null where neither can be had.
 *
 * @throws AppError `data/non-finite`.
 */
export function scorePath(plan: PathPlan, from: string, to: string): PathScore | null {
  const [a, b] = [from, to].map((id) => plan.rows.find(({ memberId }) => memberId === id));
  if (!a || !b) return null;
  const path = {
    from,
    to,
    kind: isTrained(plan.members, from, to) ? "trained" : "emergent",
    hops: hopsBetween(plan.members, from, to) ?? 0,
  } as const;
  const pairs = pairsByCaption(a, b);
  if (!pairs.split.includes("test")) return cycleScore(plan, path, [a, b]);
  const options = { ks: KS, seed: SEED };
  const recallsOf = (first: Matrix, second: Matrix) =>
    evaluateRetrieval(first, second, pairs, "test", options).imageToText;
  const against = (closed: keyof Omit<ReferenceRows, "memberId">) => {
    const { references } = plan;
    if (references?.memberId === from) {
      return recallsOf(references[closed], centred(b)).recall;
    }
    if (references?.memberId === to) return recallsOf(centred(a), references[closed]).recall;
    return null;
  };
  return {
    ...path,
    measure: "retrieval",
    result: recallsOf(a.rows, b.rows),
    chance: valuesOf(chanceRetrieval(pairs, "test", KS)),
    shuffled: against("shuffled"),
    ridge: against("ridge"),
  };
}

/** Whether one of two members was trained against the other, or both were frozen together. */
export function isTrained(members: readonly HubMember[], from: string, to: string): boolean {
  const [a, b] = [from, to].map((id) => members.find((member) => member.id === id));
  if (!a || !b) return false;
  if (a.joined === null && b.joined === null) return true;
  const names = (member: HubMember, other: HubMember) =>
    member.joined?.anchors.some(({ memberId }) => memberId === other.id) ?? false;
  return names(a, b) || names(b, a);
}

type Path = Pick<PathScore, "from" | "to" | "kind" | "hops">;

/**
 * `from` → the nearest item of `to` → a third member, whose true pairs with `from` are held out.
 * It asks more than the path alone: both hops must be right.
 */
function cycleScore(
  { members, rows }: PathPlan,
  path: Path,
  [a, b]: readonly AnchorRows[],
): PathScore | null {
  if (!a || !b || b.rows.rows === 0) return null;
  const thirds = rows.filter(({ memberId }) => memberId !== path.from && memberId !== path.to);
  const linked = thirds.flatMap((third) => {
    const pairs = pairsByCaption(a, third);
    return pairs.split.includes("test") ? [{ third, pairs }] : [];
  });
  // The one it was trained with first: an error there is the smallest.
  const ordered = linked.toSorted(
    (x, y) => hopsTo(members, path.from, x) - hopsTo(members, path.from, y),
  );
  const [best] = ordered;
  if (!best) return null;
  const { third, pairs } = best;
  const { imageRows, textRows, relevance, clusters } = galleriesOf(pairs, "test");
  const nearest = nearestRows(takeRows(a.rows, imageRows), b.rows);
  const gallery = takeRows(third.rows, textRows);
  const ranks = firstHitRanks(takeRows(b.rows, nearest), gallery, relevance.imageToText);
  const hits = KS.map((k) => Uint8Array.from(ranks, (rank) => Number(rank < k)));
  const estimates = bootstrapMeans(hits, SEED, clusters.imageToText);
  return {
    ...path,
    measure: "cycle",
    result: {
      gallery: textRows.length,
      queries: ranks.length,
      medianRank: medianRank(ranks),
      meanRank: meanRank(ranks),
      meanReciprocalRank: meanReciprocalRank(ranks),
      recall: byK((i) => estimates[i]),
    },
    chance: valuesOf(chanceRetrieval(pairs, "test", KS)),
    shuffled: null,
    ridge: null,
  };
}

const hopsTo = (
  members: readonly HubMember[],
  from: string,
  { third }: { readonly third: AnchorRows },
) => hopsBetween(members, from, third.memberId) ?? Infinity;

const valuesOf = ({ imageToText: { recall } }: RetrievalPair) =>
  Object.fromEntries(Object.entries(recall).map(([k, { value }]) => [k, value]));

const byK = (estimateAt: (i: number) => Estimate | undefined) =>
  Object.fromEntries(KS.map((k, i) => [String(k), estimateAt(i) ?? { value: 0, low: 0, high: 0 }]));

const centred = ({ rows, splits }: { rows: Matrix; splits: readonly Split[] }) =>
  centredRows(rows, (r) => splits[r] === "train");
