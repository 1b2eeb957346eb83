import type { Item, Pair } from "../../../core/domain/dataset";
import { MEDIA_MODALITIES, type Modality } from "../../../core/domain/modality";
import type { DatasetStore } from "../../../core/ports";
import { ItemCache } from "../../components/search/itemCache";

/** A pair with both of its items, ready to be shown. */
export interface PairCard {
  /** Its place among all pairs of the project. */
  readonly index: number;
  readonly pair: Pair;
  /** The picture, sound or window. */
  readonly media: Item | undefined;
  readonly text: Item | undefined;
}

/** Pairs per page: a little more than a tall screen shows. */
export const PAGE_PAIRS = 64;
const BLOCK_ITEMS = 512; // one record of the store

/** Reads pairs page by page together with their items, and keeps what it read lately. */
export class PairPages {
  readonly #datasets: DatasetStore;
  readonly #projectId: string;
  readonly #view: readonly number[] | null;
  readonly #items: ItemCache;

  /** @param view the pairs to show, by index, in this order; null: all of them. */
  constructor(datasets: DatasetStore, projectId: string, view: readonly number[] | null = null) {
    this.#datasets = datasets;
    this.#projectId = projectId;
    this.#view = view;
    this.#items = new ItemCache(datasets, projectId);
  }

  /** The cards at `page * 64` and on, fewer on the last page. */
  async read(page: number): Promise<PairCard[]> {
    const start = page * PAGE_PAIRS;
    if (this.#view) return this.#cards(await this.#chosen(this.#view, start));
    const pairs = await this.#datasets.pairRange(this.#projectId, start, start + PAGE_PAIRS);
    return this.#cards(pairs.map((pair, i) => ({ index: start + i, pair })));
  }

  /** One pair by its index, or undefined. */
  async one(index: number): Promise<PairCard | undefined> {
    const [pair] = await this.#datasets.pairRange(this.#projectId, index, index + 1);
    return pair && (await this.#cards([{ index, pair }]))[0];
  }

  /** Reads each block of pairs that the page needs once, however its pairs are scattered. */
  async #chosen(view: readonly number[], start: number) {
    const wanted = view.slice(start, start + PAGE_PAIRS);
    const blocks = new Map<number, Promise<Pair[]>>();
    for (const index of wanted) {
      const block = Math.floor(index / BLOCK_ITEMS);
      const first = block * BLOCK_ITEMS;
      if (!blocks.has(block)) {
        blocks.set(block, this.#datasets.pairRange(this.#projectId, first, first + BLOCK_ITEMS));
      }
    }
    const found = await Promise.all(
      wanted.map(async (index) => {
        const block = Math.floor(index / BLOCK_ITEMS);
        return { index, pair: (await blocks.get(block))?.[index - block * BLOCK_ITEMS] };
      }),
    );
    return found.flatMap(({ index, pair }) => (pair ? { index, pair } : []));
  }

  #cards(pairs: readonly { readonly index: number; readonly pair: Pair }[]): Promise<PairCard[]> {
    return Promise.all(
      pairs.map(async ({ index, pair }) => ({
        ...{ index, pair },
        media: await this.#media(pair),
        text: await this.#item("text", pair.text),
      })),
    );
  }

  async #media(pair: Pair): Promise<Item | undefined> {
    for (const modality of MEDIA_MODALITIES) {
      const item = await this.#item(modality, pair[modality]);
      if (item) return item;
    }
    return undefined;
  }

  async #item(modality: Modality, index: number | undefined): Promise<Item | undefined> {
    return index === undefined ? undefined : this.#items.get(modality, index);
  }
}
