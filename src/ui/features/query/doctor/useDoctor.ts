import { useMemo } from "react";
import { Doctoring } from "../../../../app/doctoring";
import { useJob, useLoaded, useServices } from "../../../../app/services";
import type { Diagnosis } from "../../../../core/domain/diagnosis";
import { alignedEncoders, type Project } from "../../../../core/domain/project";
import { useProject } from "../../../components/projectContext";
import { ItemCache } from "../../../components/search/itemCache";

/** The last diagnosis of the project, the job that makes one, and the pairs as they are now. */
export function useDoctor() {
  const { doctoring, jobs, stores } = useServices();
  const { project } = useProject();
  const id = Doctoring.job(project.id);
  const job = useJob(id);
  const topics = [`project/${project.id}`] as const;
  const diagnosis = useLoaded(id, () => doctoring.diagnosis(project.id), topics);
  const pairs = useLoaded(`pairs/${project.id}`, () => stores.datasets.pairs(project.id), topics);
  // A caption typed since is an item the records read before do not have.
  const digest = project.data?.digest;
  const items = useMemo(
    () => (digest === undefined ? null : new ItemCache(stores.datasets, project.id)),
    [stores, project.id, digest],
  );
  return {
    job,
    items,
    diagnosis: diagnosis.value ?? null,
    isLoading: diagnosis.value === undefined && !diagnosis.error,
    pairs: pairs.value,
    error: diagnosis.error ?? pairs.error,
    start: () => void doctoring.examine(project.id),
    stop: () => jobs.cancel(id),
  };
}

/** Whether the data or the embeddings are others than those that were judged. */
export function isOutOfDate({ dataDigest, encoders }: Diagnosis, project: Project): boolean {
  return (
    dataDigest !== project.data?.digest ||
    JSON.stringify(encoders) !== JSON.stringify(alignedEncoders(project))
  );
}
