import { useMemo, useReducer } from "react";
import { SPLITS, type Split } from "../../../../core/domain/dataset";
import type { HubMember } from "../../../../core/domain/hub";
import { PLAIN_SCORES, type ScoreSettings } from "../../../../core/domain/query";
import { stepQuery, type Past, type QueryAction } from "../../../components/search/queryHistory";
import { hubTermsOf, type FileTerm, type HubItemTerm, type ShownHubTerm } from "./hubTerms";
import { partnerOf, usualTarget } from "./memberWords";
import type { Readers } from "./readers";

type Extra = FileTerm | HubItemTerm;

interface HubQueryState {
  readonly text: string;
  readonly extras: readonly Extra[];
  /** Id of a member; empty: the usual one. */
  readonly target: string;
  readonly scores: ScoreSettings;
  readonly splits: readonly Split[];
}

type Action = QueryAction<HubQueryState, Extra>;

const EMPTY: HubQueryState = {
  text: "",
  extras: [],
  target: "",
  scores: PLAIN_SCORES,
  splits: SPLITS,
};

/** An item of a gallery without its place in the query. */
export type PickedHubItem = Omit<HubItemTerm, "kind" | "key" | "weight">;

/**
 * The query across the members of a hub, and everything that changes it.
 *
 * @param readers members whose encoders read the files asked with, whoever read them before.
 */
export function useHubQuery(members: readonly HubMember[], readers: Readers) {
  const [{ now, past }, dispatch] = useReducer(step, { now: EMPTY, past: [] });
  const { text, extras } = now;
  const terms = useMemo(
    () => hubTermsOf(text, extras).flatMap((term) => termNow(term, members, readers) ?? []),
    [text, extras, members, readers],
  );
  const isThere = members.some(({ id }) => id === now.target);
  const target = isThere ? now.target : usualTarget(members);
  const commands = useMemo(() => commandsOf(dispatch, members), [members]);
  return { ...now, target, terms, canGoBack: past.length > 0, ...commands };
}

export type HubQuery = ReturnType<typeof useHubQuery>;

function commandsOf(dispatch: (action: Action) => void, members: readonly HubMember[]) {
  const set = (change: Partial<HubQueryState>) => dispatch({ do: "set", change });
  const replace = (change: Partial<HubQueryState>) => dispatch({ do: "replace", change });
  const add = (extra: Extra) =>
    dispatch({ do: "add", extra, ifFirst: { target: partnerOf(extra.memberId, members) } });
  return {
    type: (text: string) => dispatch({ do: "type", text }),
    /** Items of the same member near to one. */
    moreLike: (picked: PickedHubItem) =>
      replace({ text: "", extras: [itemTerm(picked, 1)], target: picked.memberId }),
    /** Items of another member near to one. */
    goesWith: (picked: PickedHubItem, target = partnerOf(picked.memberId, members)) =>
      replace({ text: "", extras: [itemTerm(picked, 1)], target }),
    addItem: (picked: PickedHubItem, weight: number) => add(itemTerm(picked, weight)),
    addFile: (member: HubMember, blob: Blob, name: string) =>
      add(fileTerm(member, { blob, name, isRecording: false })),
    /** Asks with a recording alone, in the place of any before. */
    askRecording: (member: HubMember, blob: Blob, name: string) =>
      replace({
        text: "",
        extras: [fileTerm(member, { blob, name, isRecording: true })],
        target: partnerOf(member.id, members),
      }),
    ask: (text: string) => replace({ text, extras: [], target: "" }),
    weigh: (key: string, weight: number) => dispatch({ do: "weigh", key, weight }),
    remove: (key: string) => dispatch({ do: "remove", key }),
    find: (target: string) => set({ target }),
    setScores: (scores: ScoreSettings) => set({ scores }),
    setSplits: (splits: readonly Split[]) => set({ splits }),
    clear: () => replace({ text: "", extras: [] }),
    back: () => dispatch({ do: "back" }),
  };
}

/** A term as it is read now; undefined where the member it was asked with has left. */
function termNow(
  term: ShownHubTerm,
  members: readonly HubMember[],
  readers: Readers,
): ShownHubTerm | undefined {
  if (term.kind === "words") return term;
  const member = members.find(({ id }) => id === term.memberId);
  if (!member || term.kind === "item") return member && term;
  const reader = member.modality === "text" ? undefined : readers.get(member.modality);
  return { ...term, memberId: (reader ?? member).id };
}

const step = (past: Past<HubQueryState>, action: Action) =>
  stepQuery<HubQueryState, Extra>(past, action);

function itemTerm(picked: PickedHubItem, weight: number): HubItemTerm {
  return { ...picked, kind: "item", key: crypto.randomUUID(), weight };
}

function fileTerm(
  { id: memberId }: HubMember,
  file: Pick<FileTerm, "blob" | "name" | "isRecording">,
): FileTerm {
  return { ...file, kind: "file", key: crypto.randomUUID(), memberId, weight: 1 };
}
