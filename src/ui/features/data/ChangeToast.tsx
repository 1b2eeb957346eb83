import styles from "./Changes.module.css";
import type { Editing } from "./useEditing";

/** What the last change did, spoken and with its undo; it stays until dismissed or replaced. */
export function ChangeToast({ editing }: { readonly editing: Editing }) {
  const { notice, busy, undo, dismiss } = editing;
  return (
    <div className={styles.toastPlace}>
      <span role="status" className="visually-hidden">
        {notice?.words}
      </span>
      {notice && (
        <div className={styles.toast}>
          <span>{notice.words}</span>
          {notice.canUndo && (
            <button type="button" className="button" disabled={busy} onClick={() => void undo()}>
              Undo
            </button>
          )}
          <button type="button" className="button quiet" onClick={dismiss}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}
