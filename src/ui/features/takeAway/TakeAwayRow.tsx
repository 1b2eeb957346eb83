import type { ReactNode } from "react";
import type { JobState } from "../../../core/job";
import { JobStatus } from "../../components/JobStatus";
import styles from "./TakeAwayPanel.module.css";

interface TakeAwayRowProps {
  readonly name: string;
  /** `24 MB`, or nothing while it is being found out. */
  readonly size?: string | undefined;
  /** What it is for, in a sentence. */
  readonly purpose: ReactNode;
  /** Its first two lines. */
  readonly preview?: string | undefined;
  /** Choices and details between the preview and the job. */
  readonly children?: ReactNode;
  readonly actions: ReactNode;
  /** What writes it, where that takes time. */
  readonly job?: {
    readonly state: JobState;
    readonly stop: () => void;
    readonly dismiss: () => void;
  };
}

/** One thing that can leave: name, size, purpose, first lines, and what one can do with it. */
export function TakeAwayRow({
  name,
  size,
  purpose,
  preview,
  children,
  actions,
  job,
}: TakeAwayRowProps) {
  return (
    <li className={styles.file}>
      <div>
        <h2 className={styles.name}>
          {name} {size && <span className="quiet">{size}</span>}
        </h2>
        <p className="quiet">{purpose}</p>
        {preview && <pre className={`mono ${styles.preview}`}>{preview}</pre>}
        {children}
        {job && (
          <JobStatus
            job={job.state}
            label={`Writing ${name}`}
            onStop={job.stop}
            onDismiss={job.dismiss}
          />
        )}
      </div>
      <div className={styles.actions}>{actions}</div>
    </li>
  );
}
