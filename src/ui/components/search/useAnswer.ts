import { useCallback, useEffect, useRef, useState, type RefObject } from "react";
import { AppError } from "../../../core/errors";
import type { Progress } from "../../../core/progress";
import { LatestOnly } from "./latestOnly";

interface Question {
  readonly terms: readonly { readonly kind: string }[];
}

export interface AnswerOptions<Q, A> {
  /** What the gallery is at: a newer one asks again. Undefined: not ready. */
  readonly step: string | number | undefined;
  /** The same function as long as it does the same. */
  readonly ask: (question: Q, report: (progress: Progress) => void) => Promise<A>;
}

const TYPING_PAUSE_MS = 150;

/**
 * The answer to a question, asked again whenever it, or the gallery, changes. One is asked at a
 * time; of those that come in meanwhile only the newest is.
 *
 * @param question another object only where something else is asked.
 */
export function useAnswer<Q extends Question, A>(question: Q, { step, ask }: AnswerOptions<Q, A>) {
  const [latest] = useState(() => new LatestOnly());
  const [answer, setAnswer] = useState<A | null>(null);
  const [preparing, setPreparing] = useState<Progress | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const { terms } = question;
  const newest = useNewest(question);
  const waitMs = useTypingPause(terms);
  useEffect(() => {
    if (question.terms.length === 0 || step === undefined) return;
    // An answer from the step before is still one to this question; only another question drops it.
    const isCurrent = () => newest.current === question;
    const search = async () => {
      if (!isCurrent()) return;
      try {
        const found = await ask(question, (progress) => isCurrent() && setPreparing(progress));
        if (!isCurrent()) return;
        setAnswer(found);
        setError(null);
      } catch (thrown) {
        if (isCurrent()) setError(AppError.from(thrown));
      } finally {
        if (isCurrent()) setPreparing(null);
      }
    };
    const timer = setTimeout(() => latest.run(search), waitMs());
    return () => clearTimeout(timer);
  }, [ask, latest, newest, waitMs, question, step]);
  return {
    answer: terms.length > 0 ? answer : null,
    preparing,
    error: terms.length > 0 ? error : null,
    dismissError: () => setError(null),
  };
}

/** A box with what was drawn last, or null once the screen is left. */
function useNewest<T>(value: T): RefObject<T | null> {
  const newest = useRef<T | null>(null);
  useEffect(() => {
    newest.current = value;
    return () => {
      newest.current = null;
    };
  }, [value]);
  return newest;
}

/** How long to wait yet before words are asked for: a pause after they changed, not after a step. */
function useTypingPause(terms: Question["terms"]): () => number {
  const changedAt = useRef(0);
  useEffect(() => {
    const hasWords = terms.some(({ kind }) => kind === "words");
    changedAt.current = hasWords ? performance.now() : -Infinity;
  }, [terms]);
  return useCallback(
    () => Math.max(0, changedAt.current + TYPING_PAUSE_MS - performance.now()),
    [],
  );
}
