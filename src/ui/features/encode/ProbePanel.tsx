import { useState } from "react";
import { isActive } from "../../../app/jobs";
import { Selecting } from "../../../app/selecting";
import { useJob, useLoaded, useServices } from "../../../app/services";
import { DEFAULT_COMPARISON } from "../../../core/domain/comparison";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { useProject } from "../../components/projectContext";
import styles from "./Compare.module.css";
import { EncoderTicks } from "./EncoderTicks";
import { ProbeTable } from "./ProbeTable";
import { SampleSize } from "./SampleSize";
import { useSelection } from "./useSelection";

/** How well each embedding, by itself, knows a label column. */
export function ProbePanel() {
  const { selecting, jobs } = useServices();
  const { project, canEdit } = useProject();
  const columns = project.data?.labelColumns ?? [];
  const selection = useSelection();
  const [chosen, setChosen] = useState<string>();
  const [maxPairs, setMaxPairs] = useState(DEFAULT_COMPARISON.maxPairs);
  const id = Selecting.probeJob(project.id);
  const job = useJob(id);
  const stored = useLoaded(id, () => selecting.probeReport(project.id), [`project/${project.id}`]);
  const label = columns.find((column) => column === chosen) ?? columns[0];
  const { choices } = selection;
  const sets = choices.image.length + choices.text.length;
  const busy = isActive(job);
  return (
    <details className={`section ${styles.probe}`}>
      <summary>Probe: what one embedding knows by itself</summary>
      <p className="quiet">
        A probe reads a label from one frozen embedding, by nearest neighbours and by a linear
        classifier, 5-fold over groups of training pairs. Nothing of it is kept or used later, and
        it says nothing about the other side: joining two embeddings is the step Align.
      </p>
      {label === undefined ? (
        <p>The data has no label column. Give a column the role “label” on the Data screen.</p>
      ) : (
        <>
          <EncoderTicks selection={selection} disabled={busy} />
          <div className={styles.controls}>
            <label>
              Label{" "}
              <select
                className="field"
                value={label}
                disabled={busy}
                onChange={({ target }) => setChosen(target.value)}
              >
                {columns.map((column) => (
                  <option key={column}>{column}</option>
                ))}
              </select>
            </label>
            <SampleSize pairs={maxPairs} disabled={busy} onChange={setMaxPairs} />
            <button
              type="button"
              className="button"
              disabled={!canEdit || busy || sets === 0}
              onClick={() =>
                void selecting.probe(project.id, choices, { label, maxPairs, seed: 0 })
              }
            >
              Probe {formatCount(sets)} embeddings
            </button>
          </div>
        </>
      )}
      <JobStatus
        job={job}
        label="Probing embeddings"
        onStop={() => jobs.cancel(id)}
        onDismiss={() => jobs.dismiss(id)}
      />
      {stored.error && <ErrorNote error={stored.error} />}
      {stored.value && <ProbeTable report={stored.value} />}
    </details>
  );
}
