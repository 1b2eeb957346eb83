import { useCallback, useState } from "react";
import type { DataCheck } from "../../../core/domain/edit";
import type { ProjectData } from "../../../core/domain/project";
import { ErrorNote } from "../../components/ErrorNote";
import { useProject } from "../../components/projectContext";
import { ChangeBar } from "./ChangeBar";
import { ChecksPanel } from "./ChecksPanel";
import styles from "./DataPanel.module.css";
import { DataFacts } from "./DataFacts";
import { IssueTable } from "./IssueTable";
import { PairBrowser } from "./PairBrowser";
import { ReportStrip, type Filter } from "./ReportStrip";
import { ResplitDialog } from "./ResplitDialog";
import { EditingToast } from "../../components/EditingToast";
import { useEditing } from "../../components/useEditing";
import { useExcludedPairs } from "./useExcludedPairs";

interface ImportedDataProps {
  readonly data: ProjectData;
  /** While files are read or imported. */
  readonly busy: boolean;
}

/** Pairs of one check, as a filter of the grid. */
interface CheckView {
  readonly name: string;
  readonly pairs: readonly number[];
}

/** What an import brought: every row accounted for, checked, and open to change. */
export function ImportedData({ data, busy }: ImportedDataProps) {
  const { canEdit } = useProject();
  const editing = useEditing();
  const [filter, setFilter] = useState<Filter>("used");
  const [check, setCheck] = useState<CheckView | null>(null);
  const [resplitting, setResplitting] = useState(false);
  const disabled = busy || !canEdit;
  const excluded = useExcludedPairs(data, filter === "excluded");
  const showFilter = (next: Filter) => {
    setFilter(next);
    setCheck(null);
  };
  const showCheck = useCallback((found: DataCheck) => {
    setFilter("used");
    setCheck((before) =>
      before?.name === found.name
        ? null
        : { name: found.name, pairs: [...new Set(found.groups.flat())] },
    );
  }, []);
  const isGrid = filter === "used" || filter === "excluded";
  const view = filter === "excluded" ? excluded : (check?.pairs ?? null);
  return (
    <section className="stack loose" aria-label="Imported data">
      <DataFacts data={data} />
      <ReportStrip data={data} filter={filter} onFilter={showFilter} />
      <ChecksPanel
        digest={data.digest}
        disabled={disabled}
        shown={check?.name ?? null}
        onShow={showCheck}
        onApply={(request) => void editing.apply(request)}
      />
      <ChangeBar
        data={data}
        editing={editing}
        disabled={disabled}
        onResplit={() => setResplitting(true)}
      />
      {editing.error && <ErrorNote error={editing.error} onDismiss={editing.dismiss} />}
      {check && isGrid && (
        <p className={styles.viewed}>
          Only pairs of the check “{check.name}”.
          <button type="button" className="button" onClick={() => setCheck(null)}>
            Show all pairs
          </button>
        </p>
      )}
      {isGrid && view !== undefined && (
        <PairBrowser
          key={check?.name ?? filter}
          data={data}
          view={view}
          editing={editing}
          disabled={disabled}
        />
      )}
      {!isGrid && <IssueTable key={filter} kind={filter} all={data.report.issues} />}
      <ResplitDialog
        key={data.digest}
        data={data}
        open={resplitting}
        onClose={() => setResplitting(false)}
        onApply={(request) => void editing.apply(request)}
      />
      <EditingToast editing={editing} />
    </section>
  );
}
