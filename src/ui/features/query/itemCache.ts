import type { Item } from "../../../core/domain/dataset";
import type { AlignedModality } from "../../../core/domain/modality";
import type { DatasetStore } from "../../../core/ports";

/** Items by index, each read from storage once. */
export class ItemCache {
  readonly #datasets: DatasetStore;
  readonly #projectId: string;
  readonly #items = new Map<string, Promise<Item | undefined>>();

  constructor(datasets: DatasetStore, projectId: string) {
    this.#datasets = datasets;
    this.#projectId = projectId;
  }

  /** The item, or undefined when the data was replaced by less meanwhile. */
  get(modality: AlignedModality, index: number): Promise<Item | undefined> {
    const key = `${modality}/${index}`;
    const known = this.#items.get(key);
    if (known) return known;
    const read = this.#datasets
      .itemRange(this.#projectId, modality, index, index + 1)
      .then(([item]) => item);
    this.#items.set(key, read);
    read.catch(() => this.#items.delete(key));
    return read;
  }
}
