import { useMemo, useSyncExternalStore } from "react";
import { isActive } from "../../../app/jobs";
import { useServices } from "../../../app/services";
import type { JobState } from "../../../core/job";

/** Ids of the jobs that run now, in the order they were first started. */
export function useActiveJobs(): readonly (readonly [id: string, job: JobState])[] {
  const { jobs } = useServices();
  const all = useSyncExternalStore(jobs.subscribe, jobs.all);
  return useMemo(() => [...all].filter(([, job]) => isActive(job)), [all]);
}
