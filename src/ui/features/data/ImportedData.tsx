import { useState } from "react";
import type { ImportIssue } from "../../../core/domain/dataset";
import type { ProjectData } from "../../../core/domain/project";
import { formatBytes, formatCount, formatNumberOf } from "../../components/formatting";
import styles from "./DataPanel.module.css";
import { IssueTable } from "./IssueTable";
import { PairGrid } from "./PairGrid";

type Filter = "used" | ImportIssue["kind"];

const FILTERS: readonly { readonly id: Filter; readonly words: string }[] = [
  { id: "used", words: "rows used" },
  { id: "skipped", words: "skipped" },
  { id: "unpaired", words: "unpaired files" },
  { id: "flagged", words: "flagged" },
];

interface ImportedDataProps {
  readonly projectId: string;
  readonly data: ProjectData;
}

/** What an import brought: every row accounted for, and the pairs themselves. */
export function ImportedData({ projectId, data }: ImportedDataProps) {
  const [filter, setFilter] = useState<Filter>("used");
  const { report } = data;
  const issues = report.issues.filter(({ kind }) => kind === filter);
  const counts: Readonly<Record<Filter, number>> = {
    used: report.used,
    skipped: report.skipped,
    unpaired: report.issues.filter(({ kind }) => kind === "unpaired").length,
    flagged: report.issues.filter(({ kind }) => kind === "flagged").length,
  };
  return (
    <section className={styles.imported} aria-label="Imported data">
      <p className={styles.facts}>
        {formatNumberOf(report.pairs, "pair")} of {formatNumberOf(report.items.image, "image")} and{" "}
        {formatNumberOf(report.items.text, "caption")} in {formatNumberOf(report.groups, "group")} ·{" "}
        train {formatCount(report.splits.train)} · validation{" "}
        {formatCount(report.splits.validation)} · test {formatCount(report.splits.test)} (
        {report.splitSource === "column" ? "from the data’s own column" : `seed ${data.split.seed}`}
        ) · {formatBytes(data.sizeBytes)} from {data.source}
      </p>
      <div className={styles.strip} role="group" aria-label="Show">
        {FILTERS.map(({ id, words }) => (
          <button
            key={id}
            type="button"
            className={styles.filter}
            aria-pressed={filter === id}
            onClick={() => setFilter(id)}
          >
            <strong>{formatCount(counts[id])}</strong> {words}
          </button>
        ))}
      </div>
      {filter === "used" ? (
        <PairGrid key={data.digest} projectId={projectId} pairs={report.pairs} />
      ) : (
        <IssueTable key={filter} issues={issues} all={report.issues} />
      )}
    </section>
  );
}
