import { useServices, useLoaded, type Loaded } from "../../app/services";
import { chosenEncoder } from "../../core/catalogue/encoders";
import type { Modality } from "../../core/domain/modality";
import type { Project } from "../../core/domain/project";

/** How many items of one modality have an embedding. Undefined value: not known yet, or no data. */
export function useEncodedCount(
  project: Project,
  modality: Modality,
): Loaded<{ encoded: number; total: number } | null> {
  const { encoding } = useServices();
  const { id, data } = project;
  const choice = chosenEncoder(project, modality);
  const key = [id, data?.digest ?? "", modality, ...Object.values(choice ?? {})].join("/");
  const load = async () => {
    if (!data) return null;
    if (!choice) return { encoded: 0, total: data.report.items[modality] };
    return encoding.count(project, modality);
  };
  return useLoaded(key, load, [`project/${id}`]);
}
