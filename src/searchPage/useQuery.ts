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

/** What is asked, and how long to wait for another letter. Asked again, it is a new object. */
interface Asked {
  readonly text: string;
  readonly pauseMs: number;
}

/**
 * Searches as the visitor types; only the newest words' answer is shown. The words stand in the
 * address (`#q=cat`), so that a search is a link.
 */
export function useQuery(engine: SearchEngine, limit: number): Query {
  const [asked, setAsked] = useState<Asked>(askedInAddress);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<{ text: string; error: AppError } | null>(null);
  const words = asked.text.trim();
  useEffect(() => {
    const onHash = () => setAsked(askedInAddress());
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);
  useEffect(() => {
    const text = asked.text.trim();
    if (text === "") return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      engine.search(text, limit).then(
        (hits) => isCurrent && setAnswer({ text, hits }),
        (thrown: unknown) => isCurrent && setFailure({ text, error: AppError.from(thrown) }),
      );
    }, asked.pauseMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [engine, asked, limit]);
  const error = failure?.text === words ? failure.error : null;
  return {
    text: asked.text,
    answer: words === "" ? null : answer,
    error,
    isSearching: words !== "" && answer?.text !== words && error === null,
    ask: (next, now = false) => {
      setFailure(null);
      setAsked({ text: next, pauseMs: now ? 0 : PAUSE_MS });
      const hash = next.trim() === "" ? "" : `#q=${encodeURIComponent(next.trim())}`;
      history.replaceState(null, "", hash || location.pathname + location.search);
    },
  };
}

function askedInAddress(): Asked {
  return { text: new URLSearchParams(location.hash.slice(1)).get("q") ?? "", pauseMs: 0 };
}
