import { Link } from "wouter";
import { isActive } from "../../../app/jobs";
import { JobStatus } from "../../components/JobStatus";
import styles from "./HomePanel.module.css";
import type { useProjectFile } from "./useProjectFile";

interface OpenProjectButtonProps {
  readonly file: ReturnType<typeof useProjectFile>;
}

/** Chooses a project file. Dropping one anywhere on the screen does the same. */
export function OpenProjectButton({ file: { job, open } }: OpenProjectButtonProps) {
  const isOpening = isActive(job);
  return (
    <label className={`button ${styles.choose} ${isOpening ? styles.busy : ""}`}>
      Open a project file…
      <input
        type="file"
        className="visually-hidden"
        accept=".zip,application/zip"
        disabled={isOpening}
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (chosen) void open(chosen);
        }}
      />
    </label>
  );
}

/** How opening a project file goes, and what to know about what it brought. */
export function OpenProjectStatus({
  file: { job, opened, stop, dismiss },
}: OpenProjectButtonProps) {
  return (
    <>
      {job.status === "cancelled" ? (
        <p className="quiet">Stopped. Nothing of the file was added.</p>
      ) : (
        <JobStatus job={job} label="Opening a project" onStop={stop} onDismiss={dismiss} />
      )}
      {opened && (
        <div role="status">
          <p>
            <Link href={`/p/${opened.projectId}/data`}>{opened.name}</Link> was added.
          </p>
          {opened.notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </div>
      )}
    </>
  );
}
