import { useState, useSyncExternalStore } from "react";
import { isActive } from "../../../app/jobs";
import { useServices } from "../../../app/services";
import { Sweeps } from "../../../app/sweeps";
import type { Project } from "../../../core/domain/project";
import type { Run } from "../../../core/domain/run";
import { sweepsOf, type StoredSweep } from "../../../core/domain/storedSweep";
import type { Sweep } from "../../../core/domain/sweep";
import { AppError } from "../../../core/errors";

/** The queues among a project's runs, which of them is at work, and the commands on them. */
export function useSweeps(project: Project, runs: readonly Run[]) {
  const { sweeps, jobs } = useServices();
  const states = useSyncExternalStore(jobs.subscribe, jobs.all);
  const [error, setError] = useState<AppError | null>(null);
  const stored = sweepsOf(runs);
  const command = (work: () => Promise<unknown>) => {
    setError(null);
    work().catch((thrown: unknown) => setError(AppError.from(thrown)));
  };
  return {
    stored,
    error,
    dismissError: () => setError(null),
    active: stored.find(({ id }) => {
      const job = states.get(Sweeps.job(id));
      return job !== undefined && isActive(job);
    }),
    /** Queues every run of a sweep and trains them one after the other. */
    start: (makeSweep: () => Sweep | Promise<Sweep>) =>
      command(async () => {
        const id = await sweeps.create(project, await makeSweep());
        await sweeps.start(project.id, id);
      }),
    resume: ({ id }: StoredSweep) => command(async () => sweeps.start(project.id, id)),
    pause: ({ id }: StoredSweep) => sweeps.pause(id),
    removeQueued: ({ id }: StoredSweep) => command(() => sweeps.removeQueued(project.id, id)),
  };
}

export type SweepCommands = ReturnType<typeof useSweeps>;
