import { useState } from "react";
import { Aligning } from "../../../app/aligning";
import { isActive } from "../../../app/jobs";
import { useJob } from "../../../app/services";
import { methodById } from "../../../core/catalogue/methods";
import type { Run, RunStatus } from "../../../core/domain/run";
import { Dialog } from "../../components/Dialog";
import { Estimate } from "../../components/Estimate";
import { formatCount, formatDate, formatDuration } from "../../components/formatting";
import { useProject } from "../../components/projectContext";
import styles from "./RunsTable.module.css";
import type { Runs } from "./useRuns";

interface RunsTableProps {
  readonly runs: Runs;
  readonly list: readonly Run[];
}

const STATUS_NAMES: Readonly<Record<RunStatus, string>> = {
  queued: "not started",
  running: "interrupted",
  paused: "paused",
  done: "done",
  stopped: "stopped early",
  failed: "failed",
};

/** All runs of the project, newest first, to compare, choose and delete. */
export function RunsTable({ runs, list }: RunsTableProps) {
  const [doomed, setDoomed] = useState<Run | null>(null);
  return (
    <section className={styles.runs} aria-label="Runs">
      <h2>Runs</h2>
      <div className={styles.scroll} role="region" tabIndex={0} aria-label="Table of runs">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Method</th>
              <th scope="col">Status</th>
              <th scope="col" className="number">
                Steps
              </th>
              <th scope="col" className="number">
                Time
              </th>
              <th scope="col" className="number">
                Gallery
              </th>
              <th scope="col" className="number">
                Image → text @1
              </th>
              <th scope="col" className="number">
                @10
              </th>
              <th scope="col" className="number">
                Text → image @1
              </th>
              <th scope="col" className="number">
                @10
              </th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.map((run) => (
              <RunRow key={run.id} run={run} runs={runs} onDelete={() => setDoomed(run)} />
            ))}
          </tbody>
        </table>
      </div>
      <Dialog title="Delete this run?" open={doomed !== null} onClose={() => setDoomed(null)}>
        <p>
          “{doomed?.name}”, its projectors and its results are removed. Data and embeddings stay.
        </p>
        <div className={styles.actions}>
          <button type="button" className="button" onClick={() => setDoomed(null)}>
            Keep it
          </button>
          <button
            type="button"
            className="button danger"
            onClick={() => {
              if (doomed) runs.remove(doomed);
              setDoomed(null);
            }}
          >
            Delete run
          </button>
        </div>
      </Dialog>
    </section>
  );
}

interface RunRowProps {
  readonly run: Run;
  readonly runs: Runs;
  readonly onDelete: () => void;
}

function RunRow({ run, runs, onDelete }: RunRowProps) {
  const { canEdit } = useProject();
  const active = isActive(useJob(Aligning.job(run.id)));
  const selected = runs.selected?.id === run.id;
  const { test } = run;
  const method = methodById(run.recipe.align.method);
  return (
    <tr aria-current={selected ? "true" : undefined}>
      <th scope="row">
        <button
          type="button"
          className={styles.name}
          title={formatDate(run.createdAt)}
          aria-pressed={selected}
          onClick={() => runs.select(run.id)}
        >
          {run.name}
        </button>
      </th>
      <td>{method?.name ?? run.recipe.align.method}</td>
      <td>{active ? "training" : STATUS_NAMES[run.status]}</td>
      <td className="number">{formatCount(run.history.at(-1)?.step ?? 0)}</td>
      <td className="number">
        {run.timings.alignMs > 0 ? formatDuration(run.timings.alignMs) : ""}
      </td>
      <td className="number">
        {test &&
          `${formatCount(test.imageToText.gallery)} / ${formatCount(test.textToImage.gallery)}`}
      </td>
      {(["imageToText", "textToImage"] as const).flatMap((direction) =>
        ["1", "10"].map((k) => {
          const estimate = test?.[direction].recall[k];
          return (
            <td key={direction + k} className="number">
              {estimate && <Estimate estimate={estimate} />}
            </td>
          );
        }),
      )}
      <td className="number">
        <button
          type="button"
          className="button quiet"
          aria-label={`Delete run ${run.name}`}
          disabled={!canEdit || active}
          onClick={onDelete}
        >
          Delete
        </button>
      </td>
    </tr>
  );
}
