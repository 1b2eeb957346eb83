import { useEffect, useRef, useState } from "react";
import { AppError } from "../../../../core/errors";
import type { Progress } from "../../../../core/progress";

/** Passing over results with the arrow keys explains only the one where one stays. */
const PAUSE_MS = 200;

/** How an explanation is loaded. */
export interface ExplanationContext {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** An explanation on screen; it stays while a newer one of the same question is on its way. */
export interface Explained<T> {
  readonly value: T | undefined;
  readonly error: AppError | null;
  readonly progress: Progress | null;
  readonly isBusy: boolean;
  readonly stop: () => void;
  readonly retry: () => void;
}

interface State<T> {
  readonly question: string;
  readonly value?: T;
  readonly error?: AppError;
  readonly progress?: Progress;
  readonly isBusy: boolean;
}

/**
 * Explains a question when it is asked and again at every newer step; a question that changes
 * cancels the work on the one before.
 *
 * @param question what is explained; null: nothing is asked.
 */
export function useExplanation<T>(
  question: string | null,
  step: number,
  load: (context: ExplanationContext) => Promise<T>,
): Explained<T> {
  const [state, setState] = useState<State<T>>({ question: "", isBusy: false });
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ load, step });
  const controller = useRef<AbortController>(null);
  /** Goes on from a step that is no longer the newest; while busy that happens by itself. */
  const follow = useRef<(() => void) | null>(null);
  useEffect(() => {
    latest.current = { load, step };
    follow.current?.();
  });
  useEffect(() => {
    if (question === null) return;
    const own = new AbortController();
    const { signal } = own;
    controller.current = own;
    const update = (change: Omit<State<T>, "question">) => {
      if (!signal.aborted)
        setState((before) => ({ ...keptValue(before, question), ...change, question }));
    };
    const report = (progress: Progress) => update({ isBusy: true, progress });
    const work = async () => {
      follow.current = null;
      update({ isBusy: true });
      const { load: explain, step: asked } = latest.current;
      try {
        update({ value: await explain({ signal, report }), isBusy: false });
      } catch (thrown) {
        update({ error: AppError.from(thrown), isBusy: false });
        return;
      }
      if (signal.aborted) return;
      follow.current = () => void (latest.current.step !== asked && work());
      follow.current();
    };
    const timer = setTimeout(() => void work(), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      follow.current = null;
      own.abort();
    };
  }, [question, attempt]);
  const mine = state.question === question ? state : undefined;
  return {
    value: mine?.value,
    error: mine?.error ?? null,
    progress: mine?.progress ?? null,
    isBusy: mine?.isBusy ?? question !== null,
    stop() {
      controller.current?.abort();
      setState({ question: question ?? "", isBusy: false, error: new AppError("cancelled") });
    },
    retry: () => setAttempt((n) => n + 1),
  };
}

/** What is shown of the same question while it is worked out anew. */
function keptValue<T>({ question, value }: State<T>, asked: string): { value?: T } {
  return question === asked && value !== undefined ? { value } : {};
}
