import type { Run } from "../../../core/domain/run";
import { BASELINE_EXPLANATIONS, BASELINE_NAMES } from "../../components/baselineNames";
import { Term } from "../../components/Term";
import type { RunColumn } from "./runColumns";
import styles from "./RunsTable.module.css";

interface BaselineRowsProps {
  readonly run: Run;
  readonly columns: readonly RunColumn[];
}

/** What the closed forms and controls give on the pairs of one run, beneath all runs. */
export function BaselineRows({ run, columns }: BaselineRowsProps) {
  if (run.baselines.length === 0) return null;
  return (
    <tbody className={styles.baselines}>
      <tr>
        <th scope="rowgroup" colSpan={columns.length + 2}>
          Baselines of “{run.name}”: its pairs, its test
        </th>
      </tr>
      {run.baselines.map(({ id, test }) => (
        <tr key={id}>
          <th scope="row">
            <Term explanation={BASELINE_EXPLANATIONS[id]}>{BASELINE_NAMES[id]}</Term>
          </th>
          {columns.map((column) => (
            <td key={column.id} className={column.isNumber ? "number" : undefined}>
              {column.baselineCell?.(test)}
            </td>
          ))}
          <td />
        </tr>
      ))}
    </tbody>
  );
}
