import { useState } from "react";
import styles from "./PairInspector.module.css";
import type { PairCard } from "./pairPages";
import type { Editing } from "../../components/useEditing";

interface CaptionEditorProps {
  readonly card: PairCard;
  readonly editing: Editing;
  readonly disabled: boolean;
}

/** One caption of an item: change its words, take the pair out, or put it back. */
export function CaptionEditor({ card, editing, disabled }: CaptionEditorProps) {
  const { index, pair, text } = card;
  const [draft, setDraft] = useState<string | null>(null);
  const isOut = pair.excluded !== undefined;
  const off = disabled || editing.busy;
  const save = async () => {
    if (draft === null) return;
    if (await editing.apply({ kind: "caption", pair: index, text: draft })) setDraft(null);
  };
  if (draft !== null) {
    return (
      <div className={styles.editor}>
        <textarea
          className="field"
          aria-label="Caption"
          dir="auto"
          rows={4}
          autoFocus
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              event.stopPropagation(); // closes the editor, not the sheet
              setDraft(null);
            }
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
          }}
        />
        <div className={styles.actions}>
          <button
            type="button"
            className="button primary"
            disabled={off || draft.trim() === ""}
            aria-keyshortcuts="Control+Enter Meta+Enter"
            onClick={() => void save()}
          >
            Save
          </button>
          <button type="button" className="button" onClick={() => setDraft(null)}>
            Cancel
          </button>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.editor}>
      <p className={isOut ? styles.out : undefined} dir="auto">
        {text?.text}
      </p>
      <div className={styles.actions}>
        <button
          type="button"
          className="button"
          disabled={off}
          onClick={() => setDraft(text?.text ?? "")}
        >
          Edit caption
        </button>
        <button
          type="button"
          className="button"
          disabled={off}
          onClick={() =>
            void editing.apply(
              isOut
                ? { kind: "include", pairs: [index] }
                : { kind: "exclude", pairs: [index], reason: "by hand" },
            )
          }
        >
          {isOut ? "Include" : "Exclude"}
        </button>
      </div>
    </div>
  );
}
