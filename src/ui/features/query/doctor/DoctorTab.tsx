import type { Run } from "../../../../core/domain/run";
import { ErrorNote } from "../../../components/ErrorNote";
import { formatCount } from "../../../components/formatting";
import { JobStatus } from "../../../components/JobStatus";
import { useProject } from "../../../components/projectContext";
import { DiagnosisView } from "./DiagnosisView";
import styles from "./Doctor.module.css";
import { isOutOfDate, useDoctor } from "./useDoctor";

/** Finds pairs whose caption does not belong to their picture, and mends them. */
export function DoctorTab({ run }: { readonly run: Run }) {
  const { project, canEdit } = useProject();
  const { job, diagnosis, pairs, items, isLoading, error, start, stop } = useDoctor();
  const isRunning = job.status === "running" || job.status === "cancelling";
  const count = project.data?.report.pairs ?? 0;
  const isOld = diagnosis !== null && isOutOfDate(diagnosis, project);
  return (
    <div className={styles.doctor}>
      <div className={styles.intro}>
        <p>
          Judges every pair by a projector that never saw it, and says which captions do not seem to
          belong to their pictures.
        </p>
        {!isRunning && !isLoading && (
          <button
            type="button"
            className={diagnosis && !isOld ? "button" : "button primary"}
            onClick={start}
          >
            {diagnosis ? "Examine again" : `Examine ${formatCount(count)} pairs`}
          </button>
        )}
      </div>
      <JobStatus job={job} label="Examining the pairs" onStop={stop} />
      {error && <ErrorNote error={error} />}
      {isOld && (
        <p className={styles.note} role="status">
          Out of date: the data or the embeddings have changed since. Lines that were changed say
          so; examine again to judge the data as it is now.
        </p>
      )}
      {diagnosis && pairs && items && (
        <DiagnosisView key={diagnosis.createdAt} {...{ diagnosis, pairs, items, run, canEdit }} />
      )}
    </div>
  );
}
