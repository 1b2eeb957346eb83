import type { Pair, Split } from "../../../core/domain/dataset";
import type { AlignedModality } from "../../../core/domain/modality";
import type { DatasetStore } from "../../../core/ports";

/** Which items belong together, which pairs are held out, and the tags there are. */
export interface PairIndex {
  readonly captionsOf: (image: number) => readonly number[];
  readonly imagesOf: (text: number) => readonly number[];
  /** Tags of the pairs of an item, each once. */
  readonly tagsOf: (modality: AlignedModality, index: number) => readonly string[];
  /** Pairs per tag, tags in alphabetical order. */
  readonly tags: ReadonlyMap<string, number>;
  /** Captions of up to `count` different held-out images, spread over the data. */
  readonly heldOutCaptions: (count: number) => readonly number[];
}

const WINDOW = 4096; // eight records: each read stays well under a frame

/** Reads all pairs of a project window by window, so that the page stays responsive. */
export async function loadPairIndex(datasets: DatasetStore, projectId: string): Promise<PairIndex> {
  const captions = new Map<number, number[]>();
  const images = new Map<number, number[]>();
  const tags = new Map<string, number>();
  const tagged = { image: new Map<number, string[]>(), text: new Map<number, string[]>() };
  const heldOut: { readonly [S in Split]: Map<number, number> } = {
    train: new Map(),
    validation: new Map(),
    test: new Map(),
  };
  const add = ({ image, text, split, excluded, tags: own = [] }: Pair) => {
    if (image === undefined || text === undefined || excluded !== undefined) return;
    addTo(captions, image, text);
    addTo(images, text, image);
    for (const tag of own) {
      tags.set(tag, (tags.get(tag) ?? 0) + 1);
      addTo(tagged.image, image, tag);
      addTo(tagged.text, text, tag);
    }
    if (split !== "train") heldOut[split].set(image, text);
  };
  for (let start = 0; ; start += WINDOW) {
    const pairs = await datasets.pairRange(projectId, start, start + WINDOW);
    pairs.forEach(add);
    if (pairs.length < WINDOW) break;
  }
  return {
    captionsOf: (image) => captions.get(image) ?? [],
    imagesOf: (text) => images.get(text) ?? [],
    tagsOf: (modality, index) => [...new Set(tagged[modality].get(index))],
    tags: new Map([...tags].sort(([a], [b]) => a.localeCompare(b))),
    heldOutCaptions(count) {
      const source = heldOut.test.size > 0 ? heldOut.test : heldOut.validation;
      const texts = [...new Set(source.values())];
      const step = Math.max(1, texts.length / count);
      const picked = Math.min(count, texts.length);
      return Array.from({ length: picked }, (_, i) => texts[Math.floor((i + 0.5) * step)]!);
    },
  };
}

function addTo<T>(lists: Map<number, T[]>, key: number, value: T): void {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
}
