import type { Coverage, Run } from "../../../core/domain/run";
import { formatCount } from "../../components/formatting";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./Sweep.module.css";

interface CoverageTableProps {
  readonly run: Run;
  readonly coverage: Coverage;
}

/** How many unrelated training pairs each concept had, and how many it keeps; rarest first. */
export function CoverageTable({ run, coverage }: CoverageTableProps) {
  const { concepts } = coverage;
  const most = concepts.reduce((max, { before }) => Math.max(max, before), 1);
  return (
    <ScrollTable
      label="Pairs per concept"
      caption={
        <span className="quiet">
          Unrelated training pairs of each concept in “{run.name}”, rarest first:{" "}
          {formatCount(coverage.pairs)} of {formatCount(coverage.of)} training pairs kept
        </span>
      }
      isTall
    >
      <thead>
        <tr>
          <th scope="col">Concept</th>
          <th scope="col" className="number">
            Before
          </th>
          <th scope="col" className="number">
            After
          </th>
          <th scope="col" className={styles.barColumn}>
            <span className="visually-hidden">After as a part of before</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {concepts.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number">{formatCount(before)}</td>
            <td className="number">{formatCount(after)}</td>
            <td aria-hidden="true">
              <span className={styles.bar} style={{ width: `${(100 * before) / most}%` }}>
                <span style={{ width: `${before > 0 ? (100 * after) / before : 0}%` }} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
