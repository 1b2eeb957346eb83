import type { Run } from "../../../core/domain/run";
import { Dialog } from "../../components/Dialog";
import styles from "./RunsTable.module.css";

interface DeleteRunDialogProps {
  /** Null: closed. */
  readonly run: Run | null;
  readonly onDelete: (run: Run) => void;
  readonly onClose: () => void;
}

/** Asks before a run and its results are removed. */
export function DeleteRunDialog({ run, onDelete, onClose }: DeleteRunDialogProps) {
  return (
    <Dialog title="Delete this run?" open={run !== null} onClose={onClose}>
      <p>
        “{run?.name}”, its projectors, its notes and its results are removed. Data and embeddings
        stay.
      </p>
      <div className={styles.actions}>
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
        <button
          type="button"
          className="button danger"
          onClick={() => {
            if (run) onDelete(run);
            onClose();
          }}
        >
          Delete run
        </button>
      </div>
    </Dialog>
  );
}
