import { useRef, useState, type DragEvent } from "react";
import { Labelling, type LabelledFiles } from "../../../app/labelling";
import { isActive } from "../../../app/jobs";
import { useJob, useServices } from "../../../app/services";
import type { SourceFile } from "../../../core/domain/dataset";
import { filesOfDrop, filesOfInput } from "../../components/droppedFiles";
import { formatCount, formatNumberOf, formatPercent } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { useProject } from "../../components/projectContext";
import { SaveCsv } from "../../components/SaveCsv";
import { ScrollTable } from "../../components/ScrollTable";
import styles from "./LabelFolder.module.css";
import { bestOf, folderCsv } from "./labelCsv";

const SHOWN = 20;

interface LabelFolderProps {
  readonly runId: string;
  readonly labels: readonly string[];
  readonly templates: readonly string[];
  /** Why the labels cannot be used yet, or null. */
  readonly problem: string | null;
}

/** Gives the labels of the form to the pictures of a folder that is not part of the project. */
export function LabelFolder({ runId, labels, templates, problem }: LabelFolderProps) {
  const { project } = useProject();
  const { labelling, jobs } = useServices();
  const id = Labelling.job(project.id);
  const job = useJob(id);
  const busy = isActive(job);
  const start = (files: readonly SourceFile[]) => {
    if (busy || problem !== null || files.length === 0) return;
    void labelling.label(project, { runId, labels, templates, files });
  };
  const result = job.status === "done" ? (job.result as LabelledFiles) : null; // what this job gives
  return (
    <section className="stack section" aria-label="Label a folder">
      <h2>Label other pictures</h2>
      <p className="quiet">
        Pictures of a folder get the labels above, each with its probability, and leave as a CSV.
        They are read here and stored nowhere.
      </p>
      <FolderDrop disabled={busy || problem !== null} onFiles={start} />
      {problem !== null && <p className="quiet">{problem}</p>}
      <JobStatus
        job={job}
        label="Labelling pictures"
        onStop={() => jobs.cancel(id)}
        onDismiss={() => jobs.dismiss(id)}
      />
      {result && <Labelled result={result} isOther={result.runId !== runId} />}
    </section>
  );
}

interface FolderDropProps {
  readonly disabled: boolean;
  readonly onFiles: (files: readonly SourceFile[]) => void;
}

function FolderDrop({ disabled, onFiles }: FolderDropProps) {
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const dropped = await filesOfDrop(event.dataTransfer.items);
    if (!disabled) onFiles(dropped);
  };
  const take = (input: HTMLInputElement) => {
    const chosen = filesOfInput(input.files ?? []);
    input.value = ""; // the same folder may be chosen again
    onFiles(chosen);
  };
  const common = {
    ...{ type: "file", multiple: true, hidden: true },
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => take(event.currentTarget),
  } as const;
  return (
    <div
      className={styles.drop}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!disabled);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      <input ref={folder} aria-label="Folder to label" {...{ webkitdirectory: "" }} {...common} />
      <input ref={files} aria-label="Pictures to label" accept="image/*" {...common} />
      <button
        type="button"
        className="button"
        disabled={disabled}
        onClick={() => folder.current?.click()}
      >
        Choose a folder…
      </button>
      <button
        type="button"
        className="button quiet"
        disabled={disabled}
        onClick={() => files.current?.click()}
      >
        or pictures…
      </button>
      <span className="quiet">or drop them here</span>
    </div>
  );
}

/** The first few rows, and the way out for all of them. */
function Labelled({ result, isOther }: { result: LabelledFiles; isOther: boolean }) {
  const { files, labels, others } = result;
  const failed = files.filter((file) => "error" in file).length;
  return (
    <>
      <p role="status">
        {formatNumberOf(files.length - failed, "picture")} labelled
        {failed > 0 && `, ${formatCount(failed)} could not be read`}
        {others.length > 0 && `, ${formatNumberOf(others.length, "other file")} left out`}.
        {isOther && " Labelled by another run than the one chosen now."}
      </p>
      <div>
        <SaveCsv name="labels.csv" text={() => folderCsv(result)}>
          Save labels.csv
        </SaveCsv>
      </div>
      <ScrollTable label="Labelled pictures" isTall>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Label</th>
            <th scope="col">Probability</th>
          </tr>
        </thead>
        <tbody>
          {files.slice(0, SHOWN).map((file) => (
            <tr key={file.path}>
              <th scope="row" dir="auto">
                {file.path}
              </th>
              {"error" in file ? (
                <td colSpan={2}>{file.error}</td>
              ) : (
                <>
                  <td dir="auto">{labels[bestOf(file.probabilities)]}</td>
                  <td>{formatPercent(Math.max(...file.probabilities))}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {files.length > SHOWN && (
        <p className="quiet">The first {SHOWN}; all of them are in the CSV.</p>
      )}
    </>
  );
}
