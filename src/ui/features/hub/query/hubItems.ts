import type { Pair } from "../../../../core/domain/dataset";
import type { Modality } from "../../../../core/domain/modality";
import type { DatasetStore } from "../../../../core/ports";
import { ItemCache } from "../../../components/search/itemCache";
import { loadItemIndex, type ItemIndex } from "../../../components/search/itemIndex";
import type { ItemSource } from "../../../components/search/shownItems";

/** The items of one project, whichever members they are of. */
export interface HubItemSource extends ItemSource {
  /** Shapes of its pictures. */
  readonly index: () => Promise<ItemIndex>;
  /** Up to `count` items of the test split, spread over the data; none where nothing is held out. */
  readonly heldOut: (modality: Modality, count: number) => Promise<readonly number[]>;
}

const WINDOW = 4096; // eight records: each read stays well under a frame

/** The items of every project a hub has members from, each read once. */
export class HubItems {
  readonly #datasets: DatasetStore;
  readonly #known = new Map<string, HubItemSource>();

  constructor(datasets: DatasetStore) {
    this.#datasets = datasets;
  }

  of(projectId: string): HubItemSource {
    const known = this.#known.get(projectId) ?? sourceOf(this.#datasets, projectId);
    this.#known.set(projectId, known);
    return known;
  }
}

function sourceOf(datasets: DatasetStore, projectId: string): HubItemSource {
  const pairs = lazily(() => readPairs(datasets, projectId));
  const index = lazily(() => loadItemIndex(datasets, projectId));
  return {
    projectId,
    version: "as opened",
    cache: new ItemCache(datasets, projectId),
    captionsOf: async (modality, item) =>
      modality === "text" ? [] : ((await pairs()).captions.get(`${modality} ${item}`) ?? []),
    index,
    async heldOut(modality, count) {
      const all = [...((await pairs()).heldOut.get(modality) ?? [])];
      const step = Math.max(1, all.length / count);
      const picked = Array.from({ length: Math.min(count, all.length) }, (_, i) => i);
      return picked.flatMap((i) => all[Math.floor((i + 0.5) * step)] ?? []);
    },
  };
}

interface PairLists {
  /** Captions by `modality index`. */
  readonly captions: ReadonlyMap<string, readonly number[]>;
  readonly heldOut: ReadonlyMap<Modality, ReadonlySet<number>>;
}

async function readPairs(datasets: DatasetStore, projectId: string): Promise<PairLists> {
  const captions = new Map<string, number[]>();
  const heldOut = new Map<Modality, Set<number>>();
  const hold = (modality: Modality, index: number) => {
    heldOut.set(modality, (heldOut.get(modality) ?? new Set()).add(index));
  };
  const take = ({ text, split, excluded, ...pair }: Pair) => {
    if (excluded !== undefined) return;
    if (text !== undefined && split === "test") hold("text", text);
    for (const modality of ["image", "audio", "sensor"] as const) {
      const index = pair[modality];
      if (index === undefined) continue;
      if (split === "test") hold(modality, index);
      if (text === undefined) continue;
      const key = `${modality} ${index}`;
      captions.set(key, [...(captions.get(key) ?? []), text]);
    }
  };
  for (let start = 0; ; start += WINDOW) {
    const pairs = await datasets.pairRange(projectId, start, start + WINDOW);
    pairs.forEach(take);
    if (pairs.length < WINDOW) return { captions, heldOut };
  }
}

/** Read when it is first asked for; a fault is not remembered. */
function lazily<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => {
    reading ??= read().catch((thrown: unknown) => {
      reading = undefined;
      throw thrown;
    });
    return reading;
  };
}
