import { useEffect } from "react";
import { Editing, type CheckResult } from "../../../app/editing";
import { isActive } from "../../../app/jobs";
import { useJob, useServices } from "../../../app/services";
import { useProject } from "../../components/projectContext";

/** Long enough that a series of edits is followed by one check, not by one each. */
const QUIET_MS = 800;

/** The checks of the data on screen: run by themselves, and again after every change. */
export function useChecks(digest: string, enabled: boolean) {
  const { projects, jobs } = useServices();
  const { project } = useProject();
  const id = Editing.checkJob(project.id);
  const job = useJob(id);
  const result = job.status === "done" ? (job.result as CheckResult) : null; // `Editing.check` made it
  const isDue = enabled && (job.status === "idle" || (result !== null && result.digest !== digest));
  const start = () => void projects.editing.check(project.id, digest);
  useEffect(() => {
    if (!isDue) return;
    const timer = setTimeout(() => void projects.editing.check(project.id, digest), QUIET_MS);
    return () => clearTimeout(timer);
  }, [isDue, digest, projects, project.id]);
  return {
    job,
    result,
    isCurrent: result?.digest === digest,
    isRunning: isActive(job),
    start,
    stop: () => jobs.cancel(id),
    dismiss: () => jobs.dismiss(id),
  };
}
