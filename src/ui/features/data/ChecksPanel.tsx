import type { DataCheck, EditRequest } from "../../../core/domain/edit";
import { JobStatus } from "../../components/JobStatus";
import { formatCount } from "../../components/formatting";
import styles from "./ChecksPanel.module.css";
import { useChecks } from "./useChecks";

interface ChecksPanelProps {
  readonly digest: string;
  /** While the data cannot be changed. */
  readonly disabled: boolean;
  /** Name of the check whose pairs the grid shows. */
  readonly shown: string | null;
  readonly onShow: (check: DataCheck) => void;
  readonly onApply: (request: EditRequest) => void;
}

/** What the checks found: a count, a sentence, the pairs, and what can be done at once. */
export function ChecksPanel({ digest, disabled, shown, onShow, onApply }: ChecksPanelProps) {
  const checks = useChecks(digest, !disabled);
  const { job, result, isRunning } = checks;
  const found = result?.checks.filter(({ count }) => count !== null && count > 0) ?? [];
  const others = result?.checks.filter(({ count }) => count === null || count === 0) ?? [];
  const missing = others.filter(({ count }) => count === null).length;
  const rowOf = (check: DataCheck) => (
    <CheckRow
      key={check.id}
      check={check}
      // The remedy names pairs as they were when the check ran.
      disabled={disabled || !checks.isCurrent}
      isShown={shown === check.name}
      onShow={() => onShow(check)}
      onApply={onApply}
    />
  );
  return (
    <section className="stack tight" aria-label="Checks">
      <div className={styles.head}>
        <h2>Checks</h2>
        {result && (
          <span className="quiet">
            {found.length === 0 ? "nothing found" : `${found.length} found something`}
            {!checks.isCurrent && ", before the latest change"}
          </span>
        )}
        {!isRunning && job.status !== "idle" && (
          <button type="button" className="button quiet" disabled={disabled} onClick={checks.start}>
            Check again
          </button>
        )}
      </div>
      <JobStatus
        job={job}
        label="Checking the data"
        onStop={checks.stop}
        onDismiss={checks.dismiss}
      />
      {found.length > 0 && <ul className={styles.list}>{found.map(rowOf)}</ul>}
      {others.length > 0 && (
        <details className={styles.others}>
          <summary>
            {formatCount(others.length - missing)} found nothing
            {missing > 0 && `, ${formatCount(missing)} not computed`}
          </summary>
          <ul className={styles.list}>{others.map(rowOf)}</ul>
        </details>
      )}
    </section>
  );
}

interface CheckRowProps {
  readonly check: DataCheck;
  readonly disabled: boolean;
  readonly isShown: boolean;
  readonly onShow: () => void;
  readonly onApply: (request: EditRequest) => void;
}

function CheckRow({ check, disabled, isShown, onShow, onApply }: CheckRowProps) {
  const { name, count, detail, groups, action } = check;
  return (
    <li className={count ? styles.found : undefined}>
      <span className={styles.count}>{count === null ? "–" : formatCount(count)}</span>
      <div className={styles.words}>
        <strong>{name}</strong>
        <p className="quiet">{detail}</p>
      </div>
      <div className={styles.actions}>
        {groups.length > 0 && (
          <button type="button" className="button" aria-pressed={isShown} onClick={onShow}>
            Show the pairs
          </button>
        )}
        {action && (
          <button
            type="button"
            className="button"
            disabled={disabled}
            onClick={() => onApply(action.request)}
          >
            {action.words}
          </button>
        )}
      </div>
    </li>
  );
}
