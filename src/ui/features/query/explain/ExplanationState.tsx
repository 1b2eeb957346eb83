import { ErrorNote } from "../../../components/ErrorNote";
import { amountOf, STAGE_WORDS } from "../../../components/stageWords";
import styles from "./Explain.module.css";
import type { Explained } from "./useExplanation";

interface ExplanationStateProps {
  readonly explained: Explained<unknown>;
  /** What is worked out, as a noun: `Heat map`. */
  readonly label: string;
}

/** An explanation on its way, with a stop; or why there is none, with another try. */
export function ExplanationState({ explained, label }: ExplanationStateProps) {
  const { error, isBusy, progress, value, stop, retry } = explained;
  if (error) {
    return (
      <ErrorNote error={error}>
        <button type="button" className="button" onClick={retry}>
          Try again
        </button>
      </ErrorNote>
    );
  }
  if (!isBusy || value !== undefined) return null;
  const isCounted = progress !== null && progress.total > 1;
  return (
    <div className={styles.busy}>
      <p role="status">
        {progress ? `${STAGE_WORDS[progress.stage]} ${amountOf(progress)}` : "Working it out…"}
      </p>
      <progress
        aria-label={label}
        {...(isCounted ? { value: progress.done, max: progress.total } : {})}
      />
      <button type="button" className="button quiet" onClick={stop}>
        Stop
      </button>
    </div>
  );
}
