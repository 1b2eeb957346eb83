import styles from "./Toast.module.css";

interface ToastProps {
  /** What the last change did; undefined: there was none. */
  readonly words: string | undefined;
  readonly busy?: boolean;
  /** Left out where it cannot be taken back. */
  readonly onUndo?: (() => void) | undefined;
  readonly onDismiss: () => void;
}

/** What the last change did, spoken and with its undo; it stays until dismissed or replaced. */
export function Toast({ words, busy = false, onUndo, onDismiss }: ToastProps) {
  return (
    <div className={styles.place}>
      <span role="status" className="visually-hidden">
        {words}
      </span>
      {words !== undefined && (
        <div className={styles.toast}>
          <span dir="auto">{words}</span>
          {onUndo && (
            <button type="button" className="button" disabled={busy} onClick={onUndo}>
              Undo
            </button>
          )}
          <button type="button" className="button quiet" onClick={onDismiss}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}
