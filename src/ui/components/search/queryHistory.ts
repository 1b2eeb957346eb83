import { formatQuery, MAX_WEIGHT, parseQuery } from "../../../core/domain/parseQuery";

/** Words with their weight, as they are in the box. */
export interface WordsTerm {
  readonly kind: "words";
  readonly key: string;
  readonly text: string;
  readonly weight: number;
}

/** What is put beside the words: a file, an item. */
export interface ExtraTerm {
  readonly key: string;
  readonly kind: string;
  readonly weight: number;
}

/** What is asked, whatever else a screen adds to it. Words are kept as they were typed. */
export interface Asked<X extends ExtraTerm> {
  readonly text: string;
  readonly extras: readonly X[];
}

/** A query and those one can go back to. */
export interface Past<S> {
  readonly now: S;
  readonly past: readonly S[];
}

export type QueryAction<S extends Asked<X>, X extends ExtraTerm> =
  | { readonly do: "type"; readonly text: string }
  | { readonly do: "set"; readonly change: Partial<S> }
  /** Asks something else; what was asked can be gone back to. */
  | { readonly do: "replace"; readonly change: Partial<S> }
  /** `ifFirst`: what else changes where nothing was asked before. */
  | { readonly do: "add"; readonly extra: X; readonly ifFirst: Partial<S> }
  | { readonly do: "weigh"; readonly key: string; readonly weight: number }
  | { readonly do: "remove"; readonly key: string }
  | { readonly do: "back" };

const MAX_PAST = 50;

/** All parts of a query: the words of the box first, then what was put beside it. */
export function termsOf<X extends ExtraTerm>(
  text: string,
  extras: readonly X[],
): readonly (WordsTerm | X)[] {
  const words = parseQuery(text).map((term, i) => ({
    ...term,
    kind: "words" as const,
    key: `words ${i}`,
  }));
  return [...words, ...extras];
}

/** The next query. */
export function stepQuery<S extends Asked<X>, X extends ExtraTerm>(
  { now, past }: Past<S>,
  action: QueryAction<S, X>,
): Past<S> {
  switch (action.do) {
    case "type":
      return { now: { ...now, text: action.text }, past };
    case "set":
      return { now: { ...now, ...action.change }, past };
    case "replace":
      return { now: { ...now, ...action.change }, past: remembered(now, past) };
    case "add": {
      const change = isNothing(now) ? action.ifFirst : {};
      return { now: { ...now, ...change, extras: [...now.extras, action.extra] }, past };
    }
    case "weigh":
      return { now: weighed<S, X>(now, action), past };
    case "remove":
      return { now: without<S, X>(now, action.key), past };
    case "back": {
      const before = past.at(-1);
      return before ? { now: before, past: past.slice(0, -1) } : { now, past };
    }
  }
}

const isNothing = ({ text, extras }: Asked<ExtraTerm>) => text.trim() === "" && extras.length === 0;

function remembered<S extends Asked<ExtraTerm>>(now: S, past: readonly S[]): readonly S[] {
  return isNothing(now) ? past : [...past, now].slice(-MAX_PAST);
}

function weighed<S extends Asked<X>, X extends ExtraTerm>(
  now: S,
  { key, weight }: { key: string; weight: number },
): S {
  const tenths = Math.round(weight * 10) / 10 || 0; // never -0
  const limited = Math.max(-MAX_WEIGHT, Math.min(MAX_WEIGHT, tenths));
  return withTerms<S, X>(now, (term) => [term.key === key ? { ...term, weight: limited } : term]);
}

function without<S extends Asked<X>, X extends ExtraTerm>(now: S, key: string): S {
  return withTerms<S, X>(now, (term) => (term.key === key ? [] : [term]));
}

/** Words that changed are written anew into the box; otherwise what was typed stays as it is. */
function withTerms<S extends Asked<X>, X extends ExtraTerm>(
  now: S,
  change: <T extends WordsTerm | X>(term: T) => readonly T[],
): S {
  const before = termsOf<X>(now.text, []).filter(isWords);
  const words = before.flatMap((term) => change(term));
  const isSame = words.length === before.length && before.every((term, i) => term === words[i]);
  return {
    ...now,
    text: isSame ? now.text : formatQuery(words),
    extras: now.extras.flatMap((term) => change(term)),
  };
}

const isWords = (term: WordsTerm | ExtraTerm): term is WordsTerm => term.kind === "words";
