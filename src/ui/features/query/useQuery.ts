import { useMemo, useReducer } from "react";
import { SPLITS } from "../../../core/domain/dataset";
import { otherModality, type AlignedModality } from "../../../core/domain/modality";
import { PLAIN_SCORES, type GalleryFilter, type ScoreSettings } from "../../../core/domain/query";
import { stepQuery, type Past, type QueryAction } from "../../components/search/queryHistory";
import { shownTerms, type ItemTerm, type PictureTerm } from "./queryTerms";

type Extra = PictureTerm | ItemTerm;
type Action = QueryAction<QueryState, Extra>;

/** What is asked and of which part of the gallery. Words are kept as they were typed. */
export interface QueryState {
  readonly text: string;
  readonly extras: readonly Extra[];
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
      dispatch({
        do: "add",
        extra: { ...itemTerm(picked), weight },
        ifFirst: { target: otherModality(picked.modality) },
      }),
    addPicture: (blob: Blob, name: string) =>
      dispatch({
        do: "add",
        extra: { kind: "picture", key: newKey(), blob, name, weight: 1 },
        ifFirst: { target: "text" },
      }),
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

const step = (past: Past<QueryState>, action: Action) => stepQuery<QueryState, Extra>(past, action);

function itemTerm(picked: PickedItem): ItemTerm {
  return { ...picked, kind: "item", key: newKey(), weight: 1 };
}

/** A key of a chip: the same item may be added twice. */
function newKey(): string {
  return crypto.randomUUID();
}
