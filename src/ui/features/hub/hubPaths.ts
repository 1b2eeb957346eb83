import { hopsBetween, type HubMember, type PathScore } from "../../../core/domain/hub";
import { formatCount, formatPercent } from "../../components/formatting";

/** The way between two members, in the order the members have. */
export interface HubEdge {
  /** `from/to`, by member id. */
  readonly id: string;
  readonly from: HubMember;
  readonly to: HubMember;
  readonly hops: number;
}

/** Every two members that a way joins. */
export function hubEdges(members: readonly HubMember[]): readonly HubEdge[] {
  return members.flatMap((from, i) =>
    members.slice(i + 1).flatMap((to) => {
      const hops = hopsBetween(members, from.id, to.id);
      return hops === null ? [] : [{ id: `${from.id}/${to.id}`, from, to, hops }];
    }),
  );
}

/** Scores stored with the members, by `from/to`; of two the one measured last. */
export function storedScores(members: readonly HubMember[]): ReadonlyMap<string, PathScore> {
  const joinings = members
    .flatMap(({ joined }) => joined ?? [])
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ paths }) => paths);
  return new Map(joinings.map((path) => [`${path.from}/${path.to}`, path]));
}

/** `trained`, or how many trained edges lie between two that were never trained together. */
export function kindWords(hops: number): string {
  return hops === 1 ? "trained" : `emergent, ${formatCount(hops)} hops`;
}

/** What the kind of a path means, in a sentence; names whom the two meet through. */
export function kindSentence({ from, to, hops }: HubEdge, members: readonly HubMember[]): string {
  if (hops === 1) {
    const isBase = from.joined === null && to.joined === null;
    return isBase
      ? "Trained: the run that was frozen learned from pairs of these two."
      : "Trained: pairs of these two were trained on; held-out pairs are measured.";
  }
  const through = members
    .filter(({ id }) => hopsBetween(members, from.id, id) === 1)
    .filter(({ id }) => hopsBetween(members, id, to.id) === hops - 1)
    .map(({ name }) => name);
  return (
    "Emergent: no pair of these two was trained on. " +
    `They meet through ${through.join(" or ")}, ${formatCount(hops)} hops apart.`
  );
}

/** What was measured, where it is no plain retrieval. */
export function measureSentence({ measure }: PathScore): string | null {
  if (measure === "retrieval") return null;
  return (
    "Cycle estimate: the two have no true pairs to measure on, so queries go to the nearest item " +
    "of the other and on to a third member whose true pairs are known. Read it as a lower bound."
  );
}

/** The k a path is summed up with: 10, or the largest measured. */
export function mainK({ result }: PathScore): string {
  return "10" in result.recall ? "10" : (Object.keys(result.recall).at(-1) ?? "1");
}

/** `recall@10 45.2 %` of one direction. */
export function recallWords(score: PathScore): string {
  const k = mainK(score);
  return `recall@${k} ${formatPercent(score.result.recall[k]?.value ?? NaN)}`;
}

/** Members whose way to the others is gone, because what they joined through was removed. */
export function strandedMembers(members: readonly HubMember[]): readonly HubMember[] {
  const [first] = members;
  if (!first) return [];
  return members.filter(({ id }) => hopsBetween(members, first.id, id) === null);
}
