import type { ImportIssue } from "../../../core/domain/dataset";
import type { ProjectData } from "../../../core/domain/project";
import { formatCount } from "../../components/formatting";
import styles from "./DataPanel.module.css";

/** What the lower half of the screen shows. */
export type Filter = "used" | "excluded" | ImportIssue["kind"];

const WORDS: Readonly<Record<Filter, string>> = {
  used: "rows used",
  skipped: "skipped",
  unpaired: "unpaired files",
  flagged: "flagged",
  excluded: "excluded by you",
};

const ALWAYS: readonly Filter[] = ["used", "skipped", "unpaired", "flagged"];

interface ReportStripProps {
  readonly data: ProjectData;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

/** Every row of the import accounted for; each count is a filter. */
export function ReportStrip({ data, filter, onFilter }: ReportStripProps) {
  const { report, excludedPairs = 0 } = data;
  const kinds = new Set(report.issues.map(({ kind }) => kind));
  const listed = [
    ...ALWAYS,
    ...[...kinds].filter((kind) => !ALWAYS.includes(kind)),
    ...(excludedPairs > 0 || filter === "excluded" ? ["excluded" as const] : []),
  ];
  const countOf = (id: Filter) => {
    if (id === "used") return report.used;
    if (id === "skipped") return report.skipped;
    if (id === "excluded") return excludedPairs;
    return report.issues.filter(({ kind }) => kind === id).length;
  };
  return (
    <div className={styles.strip} role="group" aria-label="Show">
      {listed.map((id) => (
        <button
          key={id}
          type="button"
          className={styles.filter}
          aria-pressed={filter === id}
          onClick={() => onFilter(id)}
        >
          <strong>{formatCount(countOf(id))}</strong> {WORDS[id]}
        </button>
      ))}
    </div>
  );
}
