import type { Item } from "../core/domain/dataset";
import { MODALITIES, ofEachModality, type Modality } from "../core/domain/modality";
import type { DatasetStore } from "../core/ports";

/** Every item of a project, by modality, in index order. */
export async function loadItems(
  datasets: Pick<DatasetStore, "items">,
  projectId: string,
): Promise<Record<Modality, Item[]>> {
  const items = ofEachModality((): Item[] => []);
  await Promise.all(
    MODALITIES.map(async (modality) => {
      items[modality] = await datasets.items(projectId, modality);
    }),
  );
  return items;
}
