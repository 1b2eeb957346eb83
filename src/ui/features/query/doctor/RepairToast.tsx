import styles from "./Doctor.module.css";
import type { Repairs } from "./useRepairs";

/** What the last repair did, spoken and with its undo; it stays until dismissed or replaced. */
export function RepairToast({ repairs }: { readonly repairs: Repairs }) {
  const { outcome, busy, undo, dismiss } = repairs;
  return (
    <div className={styles.toastPlace}>
      <span role="status" className="visually-hidden">
        {outcome?.words}
      </span>
      {outcome && (
        <div className={styles.toast}>
          <span>{outcome.words}</span>
          {outcome.canUndo && (
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
