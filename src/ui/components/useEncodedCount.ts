import { useServices, useLoaded, type Loaded } from "../../app/services";
import type { Modality } from "../../core/domain/modality";
import type { Project } from "../../core/domain/project";

/** How many items of one modality have an embedding. Undefined value: not known yet, or no data. */
export function useEncodedCount(
  project: Project,
  modality: Modality,
): Loaded<{ encoded: number; total: number } | null> {
  const { encoding } = useServices();
  const key = `${project.id}/${project.data?.digest ?? ""}/${modality}/${project.encoders[modality]}`;
  return useLoaded(key, async () => (project.data ? encoding.count(project, modality) : null), [
    `project/${project.id}`,
  ]);
}
