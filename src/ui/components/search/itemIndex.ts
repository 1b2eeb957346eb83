import type { Item } from "../../../core/domain/dataset";
import type { AlignedModality } from "../../../core/domain/modality";
import type { DatasetStore } from "../../../core/ports";

/** What the whole gallery must be known for: the shapes of its pictures and the labels there are. */
export interface ItemIndex {
  /** Width over height of an image; 1 where the header does not say. */
  readonly ratioOf: (image: number) => number;
  /** Images per value of each label column, values in alphabetical order. */
  readonly labels: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const WINDOW = 2048; // four records: each read stays well under a frame

/** Reads all images of a project window by window, so that the page stays responsive. */
export async function loadItemIndex(datasets: DatasetStore, projectId: string): Promise<ItemIndex> {
  const ratios: number[] = [];
  const labels = new Map<string, Map<string, number>>();
  await eachItem(datasets, projectId, "image", ({ width, height, labels: own }) => {
    ratios.push(width && height ? width / height : 1);
    for (const [column, value] of Object.entries(own ?? {})) {
      const values = labels.get(column) ?? new Map<string, number>();
      labels.set(column, values.set(value, (values.get(value) ?? 0) + 1));
    }
  });
  const sorted = [...labels].map(([column, values]): [string, Map<string, number>] => {
    return [column, new Map([...values].sort(([a], [b]) => a.localeCompare(b)))];
  });
  return { ratioOf: (image) => ratios[image] ?? 1, labels: new Map(sorted) };
}

/** Where the item with a digest stands in a project's data; undefined when it is not there. */
export async function findItem(
  datasets: DatasetStore,
  projectId: string,
  { modality, digest }: { readonly modality: AlignedModality; readonly digest: string },
): Promise<number | undefined> {
  let found: number | undefined;
  await eachItem(datasets, projectId, modality, (item, index) => {
    if (item.digest === digest) found ??= index;
    return found !== undefined;
  });
  return found;
}

/** Calls `visit` for every item in order until it returns true. */
async function eachItem(
  datasets: DatasetStore,
  projectId: string,
  modality: AlignedModality,
  visit: (item: Item, index: number) => boolean | void,
): Promise<void> {
  for (let start = 0; ; start += WINDOW) {
    const items = await datasets.itemRange(projectId, modality, start, start + WINDOW);
    for (const [i, item] of items.entries()) if (visit(item, start + i) === true) return;
    if (items.length < WINDOW) return;
  }
}
