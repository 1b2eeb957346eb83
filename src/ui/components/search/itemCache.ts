import type { Item } from "../../../core/domain/dataset";
import type { Modality } from "../../../core/domain/modality";
import type { DatasetStore } from "../../../core/ports";
import { Recent } from "../../../core/recent";

const BLOCK_ITEMS = 512; // one record of the store: reading one item reads them all
const KEPT_BLOCKS = 64; // 32,768 items, about 6 MB

/** Items by index; the records they lie in are read once and the latest are kept. */
export class ItemCache {
  readonly #datasets: DatasetStore;
  readonly #projectId: string;
  readonly #blocks = new Recent<Promise<readonly Item[]>>(KEPT_BLOCKS);

  constructor(datasets: DatasetStore, projectId: string) {
    this.#datasets = datasets;
    this.#projectId = projectId;
  }

  /** The item, or undefined when the data was replaced by less meanwhile. */
  async get(modality: Modality, index: number): Promise<Item | undefined> {
    const items = await this.#block(modality, Math.floor(index / BLOCK_ITEMS));
    return items[index % BLOCK_ITEMS];
  }

  #block(modality: Modality, block: number): Promise<readonly Item[]> {
    const key = `${modality}/${block}`;
    const first = block * BLOCK_ITEMS;
    const known = this.#blocks.get(key);
    if (known) return known;
    const read = this.#datasets.itemRange(this.#projectId, modality, first, first + BLOCK_ITEMS);
    this.#blocks.set(key, read);
    read.catch(() => this.#blocks.delete(key));
    return read;
  }
}
