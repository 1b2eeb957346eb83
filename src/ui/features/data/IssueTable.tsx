import { useMemo, useState } from "react";
import type { ImportIssue } from "../../../core/domain/dataset";
import { toCsv } from "../../../core/formats/csv";
import { formatCount } from "../../components/formatting";
import { SaveCsv } from "../../components/SaveCsv";
import styles from "./DataPanel.module.css";

/** More rows than anyone reads on screen; the saved report has them all. */
const SHOWN = 500;

const COLUMNS = [
  { id: "where", words: "File and row" },
  { id: "reason", words: "What is wrong" },
  { id: "remedy", words: "What to do" },
] as const;
type Column = (typeof COLUMNS)[number]["id"];

interface IssueTableProps {
  /** What to show. */
  readonly kind: ImportIssue["kind"];
  /** Everything the saved report lists. */
  readonly all: readonly ImportIssue[];
}

/** What an import did not use, or used with a doubt: cause and remedy of every row. */
export function IssueTable({ kind, all }: IssueTableProps) {
  const [sought, setSought] = useState("");
  const [order, setOrder] = useState<{ column: Column; down: boolean }>({
    column: "where",
    down: false,
  });
  const ofKind = useMemo(() => all.filter((issue) => issue.kind === kind), [all, kind]);
  const issues = useMemo(() => findIssues(ofKind, sought), [ofKind, sought]);
  const sorted = useMemo(() => sortIssues(issues, order.column, order.down), [issues, order]);
  if (ofKind.length === 0) return <p className="quiet">None.</p>;
  const sortBy = (column: Column) =>
    setOrder((before) => ({ column, down: before.column === column && !before.down }));
  return (
    <div className={styles.issues}>
      <div className="row">
        <input
          type="search"
          className="field"
          aria-label="Find in the report"
          placeholder="Find a file, row or cause"
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
        <span role="status" className="quiet">
          {sought && `${formatCount(issues.length)} of ${formatCount(ofKind.length)}`}
        </span>
      </div>
      <table className="table">
        <thead>
          <tr>
            {COLUMNS.map(({ id, words }) => (
              <th
                key={id}
                scope="col"
                aria-sort={order.column !== id ? "none" : order.down ? "descending" : "ascending"}
              >
                <button type="button" className={styles.sort} onClick={() => sortBy(id)}>
                  {words} {order.column === id && (order.down ? "↓" : "↑")}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, SHOWN).map((issue, i) => (
            <tr key={`${issue.where}/${i}`}>
              <td>
                <span className="mono">{issue.where}</span>
              </td>
              <td>{issue.reason}</td>
              <td>{issue.remedy}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={styles.foot}>
        <SaveCsv name="import-report.csv" text={() => reportCsv(all)}>
          Save report (CSV)
        </SaveCsv>
        {issues.length > SHOWN && (
          <p className="quiet">
            The first {SHOWN} of {formatCount(issues.length)}; the saved report has all.
          </p>
        )}
      </div>
    </div>
  );
}

/** Issues that hold every word sought, in any column, whatever the case. */
export function findIssues(issues: readonly ImportIssue[], sought: string): readonly ImportIssue[] {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return issues;
  return issues.filter(({ where, reason, remedy }) => {
    const text = `${where} ${reason} ${remedy}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** By one column, row numbers in numeric order; `down` reverses. */
export function sortIssues(
  issues: readonly ImportIssue[],
  column: Column,
  down: boolean,
): ImportIssue[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const sign = down ? -1 : 1;
  return [...issues].sort((a, b) => sign * compare(a[column], b[column]));
}

/** The import report as CSV, safe to open in a spreadsheet. */
export function reportCsv(issues: readonly ImportIssue[]): string {
  return toCsv([
    ["kind", "where", "reason", "remedy"],
    ...issues.map(({ kind, where, reason, remedy }) => [kind, where, reason, remedy]),
  ]);
}
