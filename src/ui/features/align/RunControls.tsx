import { useState } from "react";
import { Aligning } from "../../../app/aligning";
import { isActive } from "../../../app/jobs";
import { useJob, useServices } from "../../../app/services";
import { rateBelow } from "../../../core/domain/alignSettings";
import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { AppError, type ErrorCode } from "../../../core/errors";
import { ERRORS } from "../../../core/errorTable";
import { ErrorNote } from "../../components/ErrorNote";
import { formatCount } from "../../components/formatting";
import { JobStatus } from "../../components/JobStatus";
import { useProject } from "../../components/projectContext";
import type { Runs } from "./useRuns";

interface RunControlsProps {
  readonly run: Run;
  readonly runs: Runs;
}

/** Progress of a run and what can be done with it now. Empty for one that has ended well. */
export function RunControls({ run, runs }: RunControlsProps) {
  const { canEdit } = useProject();
  const { jobs } = useServices();
  const id = Aligning.job(run.id);
  const job = useJob(id);
  const [finishing, setFinishing] = useState(false);
  const active = isActive(job);
  const unfinished = run.status !== "done" && run.status !== "stopped";
  const failure = run.status === "failed" && job.status !== "failed" ? failureOf(run) : null;
  const lowerRate =
    run.error?.code === "align/diverged" ? rateBelow(run.recipe.align.learningRate) : null;
  if (!active && !unfinished) return null;
  return (
    <div className="stack tight">
      <JobStatus
        job={job}
        label={`Aligning ${run.name}`}
        onStop={() => runs.pause(run)}
        stopLabel="Pause"
        onDismiss={() => jobs.dismiss(id)}
      />
      {failure && !active && <ErrorNote error={failure} />}
      <div className="actions">
        {active && (
          <button
            type="button"
            className="button"
            disabled={!canEdit || finishing || job.status === "cancelling"}
            onClick={() => {
              setFinishing(true);
              runs.finish(run);
            }}
          >
            {finishing ? "Stopping after this step" : "Stop and keep the best"}
          </button>
        )}
        {!active && (
          <>
            <button
              type="button"
              className="button"
              disabled={!canEdit || runs.activeRun !== undefined}
              onClick={() => {
                setFinishing(false);
                runs.resume(run);
              }}
            >
              {run.history.length === 0 ? "Start" : "Continue"}
            </button>
            {lowerRate !== null && (
              <button
                type="button"
                className="button"
                disabled={!canEdit || runs.activeRun !== undefined}
                onClick={() => runs.start(() => withRate(run.recipe, lowerRate))}
              >
                Run again with a learning rate of {lowerRate}
              </button>
            )}
            <span className="quiet">{stateOf(run)}</span>
          </>
        )}
      </div>
    </div>
  );
}

function withRate(recipe: Recipe, learningRate: number): Recipe {
  const name = `${recipe.name}, learning rate ${learningRate}`;
  return { ...recipe, name, align: { ...recipe.align, learningRate } };
}

function stateOf({ status, history, training, best }: Run): string {
  const step = history.at(-1)?.step;
  const at =
    step === undefined
      ? "before the first checkpoint"
      : `at step ${formatCount(step)}${training ? ` of ${formatCount(training.steps)}` : ""}`;
  switch (status) {
    case "queued":
      return "Not started.";
    case "running":
      return `Interrupted ${at}.`;
    case "paused":
      return `Paused ${at}.`;
    case "failed":
      return best
        ? `Failed ${at}; the best checkpoint, step ${formatCount(best.step)}, is kept.`
        : `Failed ${at}.`;
    case "done":
    case "stopped":
      return "";
  }
}

function failureOf({ error }: Run): AppError {
  const known = error && error.code in ERRORS;
  // A run stored by another version may hold a code this one does not know.
  return known
    ? new AppError(error.code as ErrorCode, error.detail)
    : new AppError("internal", error ? `${error.code}: ${error.detail}` : "no cause was stored");
}
