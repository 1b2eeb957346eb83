import { useLoaded, useServices } from "../../../app/services";
import { isInUse } from "../../../core/domain/inUse";
import type { ProjectData } from "../../../core/domain/project";
import type { DatasetStore } from "../../../core/ports";
import { useProject } from "../../components/projectContext";

const WINDOW = 4096; // eight records: each read stays well under a frame

/** Indices of the excluded pairs, once they are wanted; undefined until they are known. */
export function useExcludedPairs(
  data: ProjectData,
  wanted: boolean,
): readonly number[] | undefined {
  const { stores } = useServices();
  const { id } = useProject().project;
  return useLoaded(
    `${id}/${data.digest}/${wanted}`,
    async () => (wanted ? excludedPairs(stores.datasets, id) : []),
    [`project/${id}`],
  ).value;
}

async function excludedPairs(datasets: DatasetStore, projectId: string): Promise<number[]> {
  const found: number[] = [];
  for (let start = 0; ; start += WINDOW) {
    const pairs = await datasets.pairRange(projectId, start, start + WINDOW);
    pairs.forEach((pair, i) => !isInUse(pair) && found.push(start + i));
    if (pairs.length < WINDOW) return found;
  }
}
