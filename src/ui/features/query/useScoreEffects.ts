import { useJob, useServices } from "../../../app/services";
import type { JobState } from "../../../core/job";
import type { ScoreEffects } from "../../../core/metrics/scoreEffects";

/** The measurement of a run's score corrections: how far it is, what it gave, and its commands. */
export interface ScoreMeasuring {
  readonly job: JobState;
  /** The latest measurement in this tab. */
  readonly effects: ScoreEffects | null;
  readonly measure: () => void;
  readonly stop: () => void;
  readonly dismiss: () => void;
}

/** Measures on demand; a job, so that it goes on when the screen is left and is kept until reload. */
export function useScoreEffects(projectId: string, runId: string): ScoreMeasuring {
  const { jobs, querying } = useServices();
  const id = `effects/${projectId}/${runId}`;
  const job = useJob(id) as JobState<ScoreEffects>; // started below and nowhere else
  return {
    job,
    effects: job.status === "done" ? job.result : null,
    measure: () =>
      void jobs.start(id, (signal, report) =>
        querying.scoreEffects(projectId, runId, { signal, report }),
      ),
    stop: () => jobs.cancel(id),
    dismiss: () => jobs.dismiss(id),
  };
}
