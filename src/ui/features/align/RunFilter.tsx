import { formatCount } from "../../components/formatting";
import type { RunFacts } from "./runFacts";
import { filterOptions, type RunFilterChoice } from "./filterRuns";
import styles from "./RunsTable.module.css";

interface RunFilterProps {
  readonly runs: readonly RunFacts[];
  /** How many pass. */
  readonly shown: number;
  readonly choice: RunFilterChoice;
  readonly onChange: (choice: RunFilterChoice) => void;
}

/** Finds runs by words, and narrows them to a method, a status or a sweep. */
export function RunFilter({ runs, shown, choice, onChange }: RunFilterProps) {
  const { methods, statuses, sweeps } = filterOptions(runs);
  const menu = (key: "method" | "status" | "sweep", label: string, options: readonly Option[]) =>
    (options.length > 1 || choice[key] !== "" || (key === "sweep" && options.length > 0)) && (
      <select
        className="field"
        aria-label={label}
        value={choice[key]}
        onChange={(event) => onChange({ ...choice, [key]: event.target.value })}
      >
        <option value="">{label}: all</option>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    );
  return (
    <div className={styles.filter} role="search" aria-label="Find runs">
      <input
        type="search"
        className="field"
        aria-label="Words in runs"
        placeholder="Find in names, notes and settings"
        value={choice.sought}
        onChange={(event) => onChange({ ...choice, sought: event.target.value })}
      />
      {menu("method", "Method", methods.map(named))}
      {menu("status", "Status", statuses.map(named))}
      {menu("sweep", "Sweep", sweeps)}
      <span role="status" className="quiet">
        {shown < runs.length && `${formatCount(shown)} of ${formatCount(runs.length)}`}
      </span>
    </div>
  );
}

interface Option {
  readonly id: string;
  readonly name: string;
}

const named = (name: string): Option => ({ id: name, name });
