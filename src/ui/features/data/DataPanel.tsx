import { Link } from "wouter";
import { JobStatus } from "../../components/JobStatus";
import { JoiningNote } from "../../components/JoiningNote";
import { useProject } from "../../components/projectContext";
import styles from "./DataPanel.module.css";
import { DropZone } from "./DropZone";
import { ImportedData } from "./ImportedData";
import { ImportSetup } from "./ImportSetup";
import { useDataStep } from "./useDataStep";

/** Step 1: bring pairs in, say what their columns mean, and look at what came of it. */
export function DataPanel() {
  const { project, canEdit } = useProject();
  const step = useDataStep();
  const { data } = project;
  const isImporting = step.importing.status === "running" || step.importing.status === "cancelling";
  const draft = isImporting ? null : step.draft;
  return (
    <div className="stack loose">
      <header className={styles.head}>
        <h1>Data</h1>
        {data && !draft && !step.busy && (
          <Link className="button primary" href={`/p/${project.id}/encode`}>
            Go on to Encode
          </Link>
        )}
      </header>
      <JoiningNote />
      {(draft || data || !step.busy) && (
        <DropZone
          mode={draft ? "add" : data ? "replace" : "first"}
          disabled={!canEdit || step.busy}
          onSource={(source) => void step.choose(source, draft !== null)}
        />
      )}
      <JobStatus
        job={step.inspecting}
        label="Reading files"
        onStop={step.stopInspecting}
        onDismiss={step.dismiss}
      />
      {step.importing.status === "cancelled" && (
        <p className="quiet">Import stopped; nothing was changed.</p>
      )}
      <JobStatus
        job={step.importing.status === "cancelled" ? { status: "idle" } : step.importing}
        label="Importing"
        onStop={step.stopImporting}
        onDismiss={step.dismiss}
      />
      {draft && (
        <ImportSetup
          draft={draft}
          onChange={step.change}
          onOverrule={(change) => void step.overrule(change)}
          onImport={() => void step.importDraft()}
          onDiscard={step.discard}
          canEdit={canEdit}
          busy={step.busy}
          replaces={data ? { source: data.source, runs: step.runs } : null}
        />
      )}
      {data && !draft && <ImportedData data={data} busy={step.busy} />}
    </div>
  );
}
