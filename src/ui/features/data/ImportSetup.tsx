import { useState } from "react";
import type { Draft } from "../../../app/drafts";
import type { ColumnMapping, ColumnRole } from "../../../core/domain/dataset";
import type { FormatId, ImportSettings } from "../../../core/domain/importFormat";
import { Dialog } from "../../components/Dialog";
import { formatNumberOf } from "../../components/formatting";
import { FormatSettings } from "./FormatSettings";
import styles from "./ImportSetup.module.css";
import { MappingTable } from "./MappingTable";
import { SplitSettings } from "./SplitSettings";

interface ImportSetupProps {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
  /** Reads the same files in another way. */
  readonly onOverrule: (change: Partial<ImportSettings>) => void;
  readonly onImport: () => void;
  readonly onDiscard: () => void;
  readonly canEdit: boolean;
  /** While the files are read again. */
  readonly busy: boolean;
  /** What this import would replace. */
  readonly replaces: { readonly source: string; readonly runs: number } | null;
}

/** What was recognised, what each column means, how to split; then the import. */
export function ImportSetup(props: ImportSetupProps) {
  const { draft, onChange, onOverrule, onImport, onDiscard, canEdit, busy, replaces } = props;
  const { inspection, mapping, split, settings } = draft;
  const [asking, setAsking] = useState(false);
  const missing = missingRoles(mapping, inspection.format);
  const start = () => (replaces && replaces.runs > 0 ? setAsking(true) : onImport());
  return (
    <section className={styles.setup} aria-label="Import settings">
      <p className={styles.summary}>
        <span className="quiet">{settings.format === "auto" ? "This looks like" : "Read as"}</span>{" "}
        {inspection.summary}
      </p>
      <FormatSettings
        draft={draft}
        disabled={busy}
        onOverrule={onOverrule}
        onSettings={(next) => onChange({ settings: next })}
      />
      {inspection.warnings.length > 0 && (
        <ul className={styles.warnings}>
          {inspection.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <MappingTable
        columns={inspection.columns}
        mapping={mapping}
        onChange={(next) => onChange({ mapping: next })}
      />
      <SplitSettings
        mapping={mapping}
        split={split}
        onChange={(next) => onChange({ split: next })}
      />
      <div className="row">
        <button
          type="button"
          className="button primary"
          disabled={!canEdit || busy || missing !== "" || split.validation + split.test >= 1}
          onClick={start}
        >
          Import {formatNumberOf(inspection.rows, "row")}
        </button>
        <button type="button" className="button" onClick={onDiscard}>
          Cancel
        </button>
        {missing && <p className={styles.missing}>{missing}</p>}
        {replaces && !missing && (
          <p className="quiet">Replaces the data imported from {replaces.source}.</p>
        )}
      </div>
      <Dialog title="Replace the data?" open={asking} onClose={() => setAsking(false)}>
        <p>
          This project has {formatNumberOf(replaces?.runs ?? 0, "run")} on the present data. They
          stay listed, but they describe the old pairs; Query needs a new run afterwards.
        </p>
        <div className="row">
          <button
            type="button"
            className="button danger"
            onClick={() => {
              setAsking(false);
              onImport();
            }}
          >
            Replace the data
          </button>
          <button type="button" className="button" onClick={() => setAsking(false)}>
            Keep it
          </button>
        </div>
      </Dialog>
    </section>
  );
}

/** What the mapping still lacks, in words; empty when it is complete. */
export function missingRoles(mapping: ColumnMapping, format: FormatId): string {
  const count = (role: ColumnRole) => mapping.filter((column) => column.role === role).length;
  if (format === "embeddings") {
    if (count("image-vectors") !== 1) return "Choose exactly one array of image embeddings.";
    if (count("text-vectors") !== 1) return "Choose exactly one array of text embeddings.";
    if (count("file") > 1) return "Choose at most one column with file names.";
    if (count("caption") > 1) return "Choose at most one column with captions: a row has one.";
  } else {
    if (count("file") !== 1) return "Choose exactly one column with file names.";
    if (count("caption") === 0) return "Choose at least one column with captions.";
  }
  if (count("group") > 1 || count("split") > 1)
    return "Choose one column each for group and split.";
  return "";
}
