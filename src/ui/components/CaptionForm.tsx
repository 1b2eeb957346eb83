import { useState } from "react";

interface CaptionFormProps {
  readonly text: string;
  readonly disabled: boolean;
  /** False when it was refused. */
  readonly onSave: (text: string) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Types another caption; Control or Command + Enter saves, Escape gives up. */
export function CaptionForm({ text, disabled, onSave, onClose }: CaptionFormProps) {
  const [draft, setDraft] = useState(text);
  const save = async () => {
    if (await onSave(draft)) onClose();
  };
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
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
            event.stopPropagation(); // closes the form, not the sheet
            onClose();
          }
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
        }}
      />
      <span className="actions">
        <button
          type="submit"
          className="button primary"
          disabled={disabled || draft.trim() === ""}
          aria-keyshortcuts="Control+Enter Meta+Enter"
        >
          Save
        </button>
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
      </span>
    </form>
  );
}
