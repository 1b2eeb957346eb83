import { useEffect, useState } from "react";
import { AppError } from "../core/errors";
import type { SearchEngine } from "./searchEngine";
import type { PageHits } from "./pageContract";

const PAUSE_MS = 150; // between two letters of a quick typist: one search per word, not per letter

/** What was found for which words. */
export interface Answer {
  readonly text: string;
  readonly hits: PageHits;
}

/** The query in the box, its newest answer, and the commands on it. */
export interface Query {
  readonly text: string;
  readonly answer: Answer | null;
  readonly error: AppError | null;
  readonly isSearching: boolean;
  /** Changes the words; `now` searches at once. */
  readonly ask: (text: string, now?: boolean) => void;
}

/**
 * Searches as the visitor types; only the newest words' answer is shown. The words stand in the
 * address (`#q=cat`), so that a search is a link.
 */
export function useQuery(engine: SearchEngine, limit: number): Query {
  const [text, setText] = useState(wordsInAddress);
  const [pause, setPause] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<{ text: string; error: AppError } | null>(null);
  const words = text.trim();
  useEffect(() => {
    const onHash = () => setText(wordsInAddress());
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);
  useEffect(() => {
    if (words === "") return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      engine.search(words, limit).then(
        (hits) => isCurrent && setAnswer({ text: words, hits }),
        (thrown: unknown) => isCurrent && setFailure({ text: words, error: AppError.from(thrown) }),
      );
    }, pause);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [engine, words, limit, pause]);
  const error = failure?.text === words ? failure.error : null;
  return {
    text,
    answer: words === "" ? null : answer,
    error,
    isSearching: words !== "" && answer?.text !== words && error === null,
    ask: (next, now = false) => {
      setPause(now ? 0 : PAUSE_MS);
      setFailure(null);
      setText(next);
      const hash = next.trim() === "" ? "" : `#q=${encodeURIComponent(next.trim())}`;
      history.replaceState(null, "", hash || location.pathname + location.search);
    },
  };
}

function wordsInAddress(): string {
  return new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
}
