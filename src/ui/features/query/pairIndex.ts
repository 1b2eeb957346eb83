import type { Pair, Split } from "../../../core/domain/dataset";
import type { DatasetStore } from "../../../core/ports";

/** Which captions an image has and which pairs are held out. */
export interface PairIndex {
  readonly captionsOf: (image: number) => readonly number[];
  /** Captions of up to `count` different held-out images, spread over the data. */
  readonly heldOutCaptions: (count: number) => readonly number[];
}

const WINDOW = 4096; // eight records: each read stays well under a frame

/** Reads all pairs of a project window by window, so that the page stays responsive. */
export async function loadPairIndex(datasets: DatasetStore, projectId: string): Promise<PairIndex> {
  const captions = new Map<number, number[]>();
  const heldOut: { readonly [S in Split]: Map<number, number> } = {
    train: new Map(),
    validation: new Map(),
    test: new Map(),
  };
  const add = ({ image, text, split, excluded }: Pair) => {
    if (image === undefined || text === undefined || excluded !== undefined) return;
    const known = captions.get(image);
    if (known) known.push(text);
    else captions.set(image, [text]);
    if (split !== "train") heldOut[split].set(image, text);
  };
  for (let start = 0; ; start += WINDOW) {
    const pairs = await datasets.pairRange(projectId, start, start + WINDOW);
    pairs.forEach(add);
    if (pairs.length < WINDOW) break;
  }
  return {
    captionsOf: (image) => captions.get(image) ?? [],
    heldOutCaptions(count) {
      const source = heldOut.test.size > 0 ? heldOut.test : heldOut.validation;
      const texts = [...new Set(source.values())];
      const step = Math.max(1, texts.length / count);
      const picked = Math.min(count, texts.length);
      return Array.from({ length: picked }, (_, i) => texts[Math.floor((i + 0.5) * step)]!);
    },
  };
}
