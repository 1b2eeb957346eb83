import { useServices, useLoaded, type Loaded } from "../../app/services";
import type { AlignedModality } from "../../core/domain/modality";
import type { Project } from "../../core/domain/project";

/** How many items of one modality have an embedding. Undefined value: not known yet, or no data. */
export function useEncodedCount(
  project: Project,
  modality: AlignedModality,
): Loaded<{ encoded: number; total: number } | null> {
  const { encoding } = useServices();
  const key = `${project.id}/${project.data?.digest ?? ""}/${modality}/${Object.values(project.encoders[modality]).join("/")}`;
  return useLoaded(key, async () => (project.data ? encoding.count(project, modality) : null), [
    `project/${project.id}`,
  ]);
}
