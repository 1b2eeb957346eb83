import { isActive } from "../../../app/jobs";
import { useJob, useServices } from "../../../app/services";
import { Sweeps } from "../../../app/sweeps";
import { isUnfinished, type StoredSweep } from "../../../core/domain/storedSweep";
import { formatCount, formatNumberOf } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { useProject } from "../../components/projectContext";
import styles from "./Sweep.module.css";
import type { Runs } from "./useRuns";
import type { SweepCommands } from "./useSweeps";

interface SweepStripsProps {
  readonly runs: Runs;
  readonly sweeps: SweepCommands;
}

/** Every queue that is at work or has runs left. Nothing where there is none. */
export function SweepStrips({ runs, sweeps }: SweepStripsProps) {
  const shown = sweeps.stored.filter(
    (sweep) => sweep === sweeps.active || sweep.ended < sweep.runs.length,
  );
  if (shown.length === 0) return null;
  return (
    <section className="stack" aria-label="Queues">
      {shown.map((sweep) => (
        <SweepStrip key={sweep.id} sweep={sweep} runs={runs} sweeps={sweeps} />
      ))}
    </section>
  );
}

function SweepStrip({ sweep, runs, sweeps }: SweepStripsProps & { readonly sweep: StoredSweep }) {
  const { canEdit } = useProject();
  const { jobs } = useServices();
  const id = Sweeps.job(sweep.id);
  const job = useJob(id);
  const active = isActive(job);
  const current = active ? sweep.runs.find((run) => run.id === runs.activeRun?.id) : undefined;
  const queued = sweep.runs.filter(({ status }) => status === "queued").length;
  const next = sweep.runs.find(isUnfinished);
  return (
    <div className={`stack tight panel ${styles.strip}`}>
      <p className={styles.words}>
        <strong>{sweep.name}</strong> <span className="quiet">{placeOf(sweep, current?.id)}</span>
        {current && (
          <>
            {": "}
            <button type="button" className={styles.run} onClick={() => runs.select(current.id)}>
              {current.name}
            </button>
          </>
        )}
      </p>
      <JobStatus
        job={job}
        label={`Sweep ${sweep.name}`}
        onStop={() => sweeps.pause(sweep)}
        stopLabel="Pause"
        onDismiss={() => jobs.dismiss(id)}
      />
      <div className={styles.actions}>
        {!active && next && (
          <button
            type="button"
            className="button"
            disabled={!canEdit || runs.activeRun !== undefined}
            onClick={() => sweeps.resume(sweep)}
          >
            {sweep.ended === 0 && next.history.length === 0 ? "Start" : "Continue"}
          </button>
        )}
        {queued > 0 && (
          <button
            type="button"
            className="button quiet"
            disabled={!canEdit}
            onClick={() => sweeps.removeQueued(sweep)}
          >
            Remove {formatNumberOf(queued, "queued run")}
          </button>
        )}
      </div>
    </div>
  );
}

/** `run 3 of 12`, or how many have ended while none is at work. */
function placeOf({ runs, ended, failed }: StoredSweep, currentId: string | undefined): string {
  const total = formatCount(runs.length);
  const place = runs.findIndex(({ id }) => id === currentId) + 1;
  const words =
    place > 0
      ? `run ${formatCount(place)} of ${total}`
      : `${formatCount(ended)} of ${total} runs ended`;
  return failed > 0 ? `${words}, ${formatCount(failed)} failed` : words;
}
