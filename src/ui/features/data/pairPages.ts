import type { Item, Pair } from "../../../core/domain/dataset";
import type { Modality } from "../../../core/domain/modality";
import type { DatasetStore } from "../../../core/ports";

/** A pair with both of its items, ready to be shown. */
export interface PairCard {
  readonly pair: Pair;
  /** The picture or sound. */
  readonly media: Item | undefined;
  readonly text: Item | undefined;
}

/** Pairs per page: a little more than a tall screen shows. */
export const PAGE_PAIRS = 64;
const BLOCK_ITEMS = 512; // one record of the store
const KEPT_BLOCKS = 64; // 32,768 items, about 6 MB: an hour of scrolling reads each block once

/** Reads pairs page by page together with their items, and keeps what it read lately. */
export class PairPages {
  readonly #datasets: DatasetStore;
  readonly #projectId: string;
  readonly #blocks = new Map<string, Promise<Item[]>>();

  constructor(datasets: DatasetStore, projectId: string) {
    this.#datasets = datasets;
    this.#projectId = projectId;
  }

  /** Pairs `page * 64` and on, fewer on the last page. */
  async read(page: number): Promise<PairCard[]> {
    const start = page * PAGE_PAIRS;
    const pairs = await this.#datasets.pairRange(this.#projectId, start, start + PAGE_PAIRS);
    return Promise.all(
      pairs.map(async (pair) => ({
        pair,
        media: (await this.#item("image", pair.image)) ?? (await this.#item("audio", pair.audio)),
        text: await this.#item("text", pair.text),
      })),
    );
  }

  async #item(modality: Modality, index: number | undefined): Promise<Item | undefined> {
    if (index === undefined) return undefined;
    const block = Math.floor(index / BLOCK_ITEMS);
    const items = await this.#block(modality, block);
    return items[index - block * BLOCK_ITEMS];
  }

  #block(modality: Modality, block: number): Promise<Item[]> {
    const key = `${modality}/${block}`;
    const kept = this.#blocks.get(key);
    if (kept) return kept;
    const start = block * BLOCK_ITEMS;
    const read = this.#datasets.itemRange(this.#projectId, modality, start, start + BLOCK_ITEMS);
    this.#blocks.set(key, read);
    const oldest = this.#blocks.size > KEPT_BLOCKS && this.#blocks.keys().next().value;
    if (oldest) this.#blocks.delete(oldest);
    return read;
  }
}
