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
  const latest = useRef(load);
  const controller = useRef<AbortController>(null);
  useEffect(() => {
    latest.current = load;
  });
  useEffect(() => {
    if (question === null) return;
    const own = new AbortController();
    controller.current = own;
    const update = (change: Omit<State<T>, "question">) => {
      if (own.signal.aborted) return;
      setState((before) => ({
        ...(before.question === question && before.value !== undefined
          ? { value: before.value }
          : {}),
        ...change,
        question,
      }));
    };
    const work = () => {
      update({ isBusy: true });
      const report = (progress: Progress) => update({ isBusy: true, progress });
      latest.current({ signal: own.signal, report }).then(
        (value) => update({ value, isBusy: false }),
        (thrown: unknown) => update({ error: AppError.from(thrown), isBusy: false }),
      );
    };
    const timer = setTimeout(work, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      own.abort();
    };
  }, [question, step, attempt]);
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
