import type { JobState } from "../../core/job";
import { ErrorNote } from "./ErrorNote";
import { formatDuration, formatRate } from "./formatting";
import styles from "./JobStatus.module.css";
import { STAGE_WORDS, amountOf } from "./stageWords";
import { useEta } from "./useEta";

interface JobStatusProps {
  readonly job: JobState;
  /** What runs, as a noun: `Encoding images`. */
  readonly label: string;
  readonly onStop?: (() => void) | undefined;
  readonly stopLabel?: string | undefined;
  readonly onDismiss?: (() => void) | undefined;
}

/** The one way a job shows itself: progress, rate and time left; how it ended if not well. */
export function JobStatus({ job, label, onStop, stopLabel = "Stop", onDismiss }: JobStatusProps) {
  return (
    <div className={styles.status}>
      <JobBody {...{ job, label, onStop, stopLabel, onDismiss }} />
      <span role="status" className="visually-hidden">
        {announcementOf(job, label)}
      </span>
    </div>
  );
}

function JobBody({ job, label, onStop, stopLabel, onDismiss }: JobStatusProps) {
  switch (job.status) {
    case "idle":
    case "done":
      return null;
    case "failed":
      return <ErrorNote error={job.error} {...(onDismiss ? { onDismiss } : {})} />;
    case "cancelled":
      return <p className="quiet">Stopped. Finished work is kept.</p>;
    case "running":
    case "cancelling":
      return <Running {...{ job, label, onStop, stopLabel }} />;
  }
}

function Running({ job, label, onStop, stopLabel }: Omit<JobStatusProps, "onDismiss">) {
  const eta = useEta(job);
  const progress = "progress" in job ? job.progress : undefined;
  const stopping = job.status === "cancelling";
  const counted = progress && progress.total > 0;
  const remainingMs = progress?.remainingMs ?? eta?.remainingMs;
  return (
    <div className={styles.running}>
      <div className={styles.words}>
        <span>{stopping ? "Stopping after this batch" : stageOf(job)}</span>
        <span className={styles.numbers}>
          {[
            progress && amountOf(progress),
            progress && eta && progress.unit !== "runs" && formatRate(eta.perSecond, progress.unit),
            remainingMs !== undefined && `about ${formatDuration(remainingMs)} left`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </div>
      {progress?.note && <p className={styles.note}>{progress.note}</p>}
      <progress
        className={styles.bar}
        aria-label={label}
        {...(counted ? { value: progress.done, max: progress.total } : {})}
      />
      {onStop && (
        <button type="button" className="button" onClick={onStop} disabled={stopping}>
          {stopLabel}
        </button>
      )}
    </div>
  );
}

function stageOf(job: JobState): string {
  const progress = "progress" in job ? job.progress : undefined;
  return progress ? STAGE_WORDS[progress.stage] : "Starting";
}

/** Changes once per stage and per tenth of it, so that a screen reader is not flooded. */
function announcementOf(job: JobState, label: string): string {
  switch (job.status) {
    case "idle":
    case "failed": // the alert of the ErrorNote speaks
      return "";
    case "done":
      return `${label}: done.`;
    case "cancelled":
      return `${label}: stopped. Finished work is kept.`;
    case "cancelling":
      return `${label}: stopping.`;
    case "running": {
      const { progress } = job;
      if (!progress || progress.total <= 0) return `${label}: ${stageOf(job)}.`;
      const tenth = Math.floor((progress.done / progress.total) * 10) * 10;
      return `${label}: ${stageOf(job)}, ${tenth} %.`;
    }
  }
}
