import { useState, useSyncExternalStore } from "react";
import { Aligning } from "../../../app/aligning";
import { isActive } from "../../../app/jobs";
import type { LiveRun } from "../../../app/liveRuns";
import { useLoaded, useServices } from "../../../app/services";
import type { Project } from "../../../core/domain/project";
import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { AppError } from "../../../core/errors";

/** The project's runs, which of them is on screen, and the commands on them. */
export function useRuns(project: Project) {
  const { stores, aligning, jobs } = useServices();
  const loaded = useLoaded(`runs/${project.id}`, () => stores.runs.list(project.id), [
    `runs/${project.id}`,
  ]);
  const [selectedId, select] = useState<string | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const states = useSyncExternalStore(jobs.subscribe, jobs.all);
  const runs = loaded.value;
  const activeRun = runs?.find(({ id }) => isActiveIn(states, id));
  const command = (work: () => Promise<unknown>) => {
    setError(null);
    work().catch((thrown: unknown) => setError(AppError.from(thrown)));
  };
  return {
    runs,
    error: error ?? loaded.error ?? null,
    dismissError: () => setError(null),
    /** Shows why something cannot be started. */
    refuse: setError,
    selected: runs?.find(({ id }) => id === selectedId) ?? activeRun ?? runs?.[0],
    select,
    activeRun,
    start: (makeRecipe: () => Recipe) =>
      command(async () => {
        const run = await aligning.create(project, makeRecipe());
        select(run.id);
        await aligning.train(run.id);
      }),
    resume: (run: Run) => command(() => aligning.train(run.id)),
    pause: (run: Run) => aligning.pause(run.id),
    finish: (run: Run) => command(() => aligning.finish(run.id)),
    remove: (run: Run) => command(() => aligning.remove(run.id)),
    rename: (run: Run, name: string) => command(() => aligning.rename(run.id, name)),
    /** Settles once the notes are stored, so that whoever wrote them can say so. */
    keepNotes: (run: Run, notes: string) => aligning.notes(run.id, notes),
  };
}

export type Runs = ReturnType<typeof useRuns>;

/** What a training reports while this tab runs it. */
export function useLiveRun(runId: string): LiveRun {
  const { live } = useServices();
  return useSyncExternalStore(live.subscribe, () => live.get(runId));
}

function isActiveIn(states: ReturnType<ReturnType<typeof useServices>["jobs"]["all"]>, id: string) {
  const job = states.get(Aligning.job(id));
  return job !== undefined && isActive(job);
}
