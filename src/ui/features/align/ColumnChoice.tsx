import { columnName, type RunColumn } from "./runColumns";
import styles from "./RunsTable.module.css";

interface ColumnChoiceProps {
  readonly columns: readonly RunColumn[];
  readonly shown: ReadonlySet<string>;
  readonly onChange: (shown: readonly string[] | null) => void;
}

/** Which columns the table shows; kept in this browser. */
export function ColumnChoice({ columns, shown, onChange }: ColumnChoiceProps) {
  const toggle = (id: string) =>
    onChange(
      columns.map((column) => column.id).filter((other) => shown.has(other) !== (other === id)),
    );
  return (
    <details
      className={styles.columns}
      onKeyDown={({ key, currentTarget }) => {
        if (key === "Escape") currentTarget.open = false;
      }}
    >
      <summary>Columns</summary>
      <fieldset>
        <legend className="visually-hidden">Columns of the table of runs</legend>
        {columns.map((column) => (
          <label key={column.id}>
            <input
              type="checkbox"
              checked={shown.has(column.id)}
              onChange={() => toggle(column.id)}
            />
            {columnName(column)}
          </label>
        ))}
        <button type="button" className="button" onClick={() => onChange(null)}>
          Usual columns
        </button>
      </fieldset>
    </details>
  );
}
