import { useMemo, useReducer } from "react";
import { SPLITS } from "../../../core/domain/dataset";
import { otherModality, type AlignedModality } from "../../../core/domain/modality";
import { formatQuery, MAX_WEIGHT } from "../../../core/domain/parseQuery";
import { PLAIN_SCORES, type GalleryFilter, type ScoreSettings } from "../../../core/domain/query";
import { shownTerms, type ItemTerm, type PictureTerm } from "./queryTerms";

/** What is asked and of which part of the gallery. Words are kept as they were typed. */
export interface QueryState {
  readonly text: string;
  readonly extras: readonly (PictureTerm | ItemTerm)[];
  readonly target: AlignedModality;
  readonly scores: ScoreSettings;
  readonly filter: GalleryFilter;
}

export const EMPTY_QUERY: QueryState = {
  text: "",
  extras: [],
  target: "image",
  scores: PLAIN_SCORES,
  filter: { splits: SPLITS },
};

/** An item of the data without its place in the query. */
export type PickedItem = Omit<ItemTerm, "kind" | "key" | "weight">;

type Action =
  | { readonly do: "type"; readonly text: string }
  | { readonly do: "set"; readonly change: Partial<QueryState> }
  /** Asks something else; what was asked can be gone back to. */
  | { readonly do: "replace"; readonly change: Partial<QueryState> }
  | { readonly do: "add"; readonly extra: PictureTerm | ItemTerm }
  | { readonly do: "weigh"; readonly key: string; readonly weight: number }
  | { readonly do: "remove"; readonly key: string }
  | { readonly do: "back" };

interface Past {
  readonly now: QueryState;
  readonly past: readonly QueryState[];
}

const MAX_PAST = 50;

/** The query of the Search tab, and everything that changes it. */
export function useQuery() {
  const [{ now, past }, dispatch] = useReducer(step, { now: EMPTY_QUERY, past: [] });
  const { text, extras } = now;
  const terms = useMemo(() => shownTerms(text, extras), [text, extras]);
  const commands = useMemo(() => commandsOf(dispatch), []);
  return { ...now, terms, canGoBack: past.length > 0, ...commands };
}

export type Query = ReturnType<typeof useQuery>;

function commandsOf(dispatch: (action: Action) => void) {
  const set = (change: Partial<QueryState>) => dispatch({ do: "set", change });
  const replace = (change: Partial<QueryState>) => dispatch({ do: "replace", change });
  const only = (picked: PickedItem, target: AlignedModality) =>
    replace({ text: "", extras: [itemTerm(picked)], target });
  return {
    type: (text: string) => dispatch({ do: "type", text }),
    /** Items of the same modality near to one. */
    moreLike: (picked: PickedItem) => only(picked, picked.modality),
    /** Items of the other modality near to one. */
    goesWith: (picked: PickedItem) => only(picked, otherModality(picked.modality)),
    addItem: (picked: PickedItem, weight: number) =>
      dispatch({ do: "add", extra: { ...itemTerm(picked), weight } }),
    addPicture: (blob: Blob, name: string) =>
      dispatch({ do: "add", extra: { kind: "picture", key: newKey(), blob, name, weight: 1 } }),
    weigh: (key: string, weight: number) => dispatch({ do: "weigh", key, weight }),
    remove: (key: string) => dispatch({ do: "remove", key }),
    find: (target: AlignedModality) => set({ target }),
    setScores: (scores: ScoreSettings) => set({ scores }),
    setFilter: (filter: GalleryFilter) => set({ filter }),
    replace,
    clear: () => replace({ text: "", extras: [], target: "image" }),
    back: () => dispatch({ do: "back" }),
  };
}

function step({ now, past }: Past, action: Action): Past {
  switch (action.do) {
    case "type":
      return { now: { ...now, text: action.text }, past };
    case "set":
      return { now: { ...now, ...action.change }, past };
    case "replace":
      return { now: { ...now, ...action.change }, past: remembered(now, past) };
    case "add": {
      const { extra } = action;
      const isFirst = now.text.trim() === "" && now.extras.length === 0;
      const side = extra.kind === "picture" ? "image" : extra.modality;
      const target = isFirst ? otherModality(side) : now.target;
      return { now: { ...now, extras: [...now.extras, extra], target }, past };
    }
    case "weigh":
      return { now: weighed(now, action), past };
    case "remove":
      return { now: without(now, action.key), past };
    case "back": {
      const before = past.at(-1);
      return before ? { now: before, past: past.slice(0, -1) } : { now, past };
    }
  }
}

function remembered(now: QueryState, past: readonly QueryState[]): readonly QueryState[] {
  if (now.text.trim() === "" && now.extras.length === 0) return past;
  return [...past, now].slice(-MAX_PAST);
}

function weighed(now: QueryState, { key, weight }: { key: string; weight: number }): QueryState {
  const tenths = Math.round(weight * 10) / 10 || 0; // never -0
  const limited = Math.max(-MAX_WEIGHT, Math.min(MAX_WEIGHT, tenths));
  return withTerms(now, (term) => (term.key === key ? [{ ...term, weight: limited }] : [term]));
}

function without(now: QueryState, key: string): QueryState {
  return withTerms(now, (term) => (term.key === key ? [] : [term]));
}

type Term = ReturnType<typeof shownTerms>[number];

/** Words that changed are written anew into the box; otherwise what was typed stays as it is. */
function withTerms(now: QueryState, change: (term: Term) => readonly Term[]): QueryState {
  const before = shownTerms(now.text, now.extras);
  const after = before.flatMap(change);
  const words = after.filter((term) => term.kind === "words");
  const unchanged = before.filter((term) => term.kind === "words").every((t, i) => t === words[i]);
  return {
    ...now,
    text: unchanged ? now.text : formatQuery(words),
    extras: after.filter((term) => term.kind !== "words"),
  };
}

function itemTerm(picked: PickedItem): ItemTerm {
  return { ...picked, kind: "item", key: newKey(), weight: 1 };
}

/** A key of a chip: the same item may be added twice. */
function newKey(): string {
  return crypto.randomUUID();
}
