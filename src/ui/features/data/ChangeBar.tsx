import { useEffect, useRef } from "react";
import { describeEdit } from "../../../core/domain/edit";
import type { ProjectData } from "../../../core/domain/project";
import { formatNumberOf } from "../../components/formatting";
import styles from "./Changes.module.css";
import type { Editing } from "../../components/useEditing";

interface ChangeBarProps {
  readonly data: ProjectData;
  readonly editing: Editing;
  readonly disabled: boolean;
  readonly onResplit: () => void;
}

const SHOWN = 20;

/** What was changed since the import, its undo, and drawing the splits again. */
export function ChangeBar({ data, editing, disabled, onResplit }: ChangeBarProps) {
  const { edits } = data;
  const last = edits.at(-1);
  const canUndo = !disabled && !editing.busy && last !== undefined;
  useUndoKey(canUndo ? editing.undo : null);
  return (
    <div className="row">
      <button type="button" className="button" disabled={disabled} onClick={onResplit}>
        Draw the splits again
      </button>
      {last && (
        <>
          <button
            type="button"
            className="button"
            disabled={!canUndo}
            aria-keyshortcuts="Control+Z Meta+Z"
            onClick={() => void editing.undo()}
          >
            Undo: {describeEdit(last)}
          </button>
          <details className={styles.history}>
            <summary>{formatNumberOf(edits.length, "change")} since the import</summary>
            <ol reversed start={edits.length}>
              {[...edits]
                .reverse()
                .slice(0, SHOWN)
                .map((edit, i) => (
                  <li key={edits.length - i}>
                    {describeEdit(edit)}
                    {edit.kind === "exclude" && <span className="quiet"> ({edit.reason})</span>}
                  </li>
                ))}
            </ol>
            {edits.length > SHOWN && <p className="quiet">The latest {SHOWN} are listed.</p>}
          </details>
        </>
      )}
    </div>
  );
}

/** Ctrl or Cmd + Z outside of text fields, which have an undo of their own. */
function useUndoKey(undo: (() => Promise<boolean>) | null): void {
  const latest = useRef(undo);
  useEffect(() => {
    latest.current = undo;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
      if (!isUndo || event.shiftKey || event.altKey || isTextField(event.target)) return;
      if (!latest.current) return;
      event.preventDefault();
      void latest.current();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}
