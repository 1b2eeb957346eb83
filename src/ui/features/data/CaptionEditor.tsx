import { useState } from "react";
import { CaptionForm } from "../../components/CaptionForm";
import styles from "./CaptionEditor.module.css";
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
  const [isTyping, setTyping] = useState(false);
  const isOut = pair.excluded !== undefined;
  const off = disabled || editing.busy;
  if (isTyping) {
    return (
      <CaptionForm
        text={text?.text ?? ""}
        disabled={off}
        onSave={(words) => editing.apply({ kind: "caption", pair: index, text: words })}
        onClose={() => setTyping(false)}
      />
    );
  }
  return (
    <div className={styles.editor}>
      <p className={isOut ? styles.out : undefined} dir="auto">
        {text?.text}
      </p>
      <div className="actions">
        <button type="button" className="button" disabled={off} onClick={() => setTyping(true)}>
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
