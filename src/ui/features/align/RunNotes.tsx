import { useId } from "react";
import type { Run } from "../../../core/domain/run";
import { ErrorNote } from "../../components/ErrorNote";
import { useProject } from "../../components/projectContext";
import styles from "./RunView.module.css";
import { useRunNotes } from "./useRunNotes";
import type { Runs } from "./useRuns";

interface RunNotesProps {
  readonly run: Run;
  readonly runs: Runs;
}

/** What the visitor writes about a run, kept as it is typed. */
export function RunNotes({ run, runs }: RunNotesProps) {
  const { canEdit } = useProject();
  const id = useId();
  const { text, state, error, write, keepNow } = useRunNotes(run.notes, (notes) =>
    runs.keepNotes(run, notes),
  );
  return (
    <div className={styles.notes}>
      <label htmlFor={id}>
        Notes <span className="quiet">{STATE_WORDS[state]}</span>
      </label>
      <textarea
        id={id}
        className="field"
        rows={Math.min(8, Math.max(1, text.split("\n").length))}
        maxLength={10_000}
        placeholder="What you tried, and what it showed"
        dir="auto"
        value={text}
        disabled={!canEdit}
        onChange={(event) => write(event.target.value)}
        onBlur={keepNow}
      />
      {error && <ErrorNote error={error} />}
      {error && (
        <button type="button" className="button" onClick={keepNow}>
          Save the notes again
        </button>
      )}
    </div>
  );
}

const STATE_WORDS = { kept: "", typing: "· not saved yet", saving: "· saving", saved: "· saved" };
