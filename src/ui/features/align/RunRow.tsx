import { memo } from "react";
import type { Run } from "../../../core/domain/run";
import { formatDate } from "../../components/formatting";
import type { RunColumn } from "./runColumns";
import type { RunFacts } from "./runFacts";
import styles from "./RunsTable.module.css";

/** What a row of the table can ask for; the same object at every rendering. */
export interface RunRowCommands {
  readonly select: (runId: string) => void;
  readonly check: (runId: string, isChecked: boolean) => void;
  readonly duplicate: (run: Run) => void;
  readonly remove: (run: Run) => void;
}

interface RunRowProps {
  readonly facts: RunFacts;
  readonly columns: readonly RunColumn[];
  readonly isSelected: boolean;
  readonly isChecked: boolean;
  readonly canEdit: boolean;
  readonly commands: RunRowCommands;
}

/** One run of the table. Remembered: a training that reports redraws no other row. */
export const RunRow = memo(function RunRow(props: RunRowProps) {
  const { facts, columns, isSelected, isChecked, canEdit, commands } = props;
  const { run, isActive } = facts;
  return (
    <tr aria-current={isSelected ? "true" : undefined}>
      <th scope="row">
        <span className={styles.head}>
          <input
            type="checkbox"
            aria-label={`Compare ${run.name}`}
            checked={isChecked}
            onChange={(event) => commands.check(run.id, event.target.checked)}
          />
          <button
            type="button"
            className={styles.name}
            title={formatDate(run.createdAt)}
            aria-pressed={isSelected}
            onClick={() => commands.select(run.id)}
          >
            {run.name}
          </button>
        </span>
      </th>
      {columns.map(({ id, isNumber, cell }) => (
        <td key={id} className={isNumber ? "number" : undefined}>
          {cell(facts)}
        </td>
      ))}
      <td className="number">
        <button
          type="button"
          className="button quiet"
          aria-label={`Duplicate and edit run ${run.name}`}
          onClick={() => commands.duplicate(run)}
        >
          Duplicate
        </button>
        <button
          type="button"
          className="button quiet"
          aria-label={`Delete run ${run.name}`}
          disabled={!canEdit || isActive}
          onClick={() => commands.remove(run)}
        >
          Delete
        </button>
      </td>
    </tr>
  );
});
