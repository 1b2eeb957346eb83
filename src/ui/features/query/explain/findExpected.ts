import type { Item } from "../../../../core/domain/dataset";
import type { AlignedModality } from "../../../../core/domain/modality";
import type { DatasetStore } from "../../../../core/ports";
import type { PairIndex } from "../pairIndex";

/** An item somebody may have expected. */
export interface Expected {
  /** Index in the project's items of the target modality. */
  readonly item: number;
  /** The caption it was found by. */
  readonly caption: string;
}

const MOST = 12;
const WINDOW = 2_048; // four records: each read stays well under a frame

/**
 * Items whose captions contain some words, those whose caption is just these words first. At most
 * twelve; reads captions window by window and ends as soon as it may.
 */
export async function findExpected(
  datasets: Pick<DatasetStore, "itemRange">,
  pairs: Pick<PairIndex, "imagesOf">,
  {
    projectId,
    target,
    words,
    signal,
  }: {
    readonly projectId: string;
    readonly target: AlignedModality;
    readonly words: string;
    readonly signal: AbortSignal;
  },
): Promise<readonly Expected[]> {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return [];
  const exact: Expected[] = [];
  const partly: Expected[] = [];
  const add = ({ text = "" }: Item, index: number) => {
    const caption = text.toLowerCase();
    if (!caption.includes(wanted)) return;
    const items = target === "text" ? [index] : pairs.imagesOf(index);
    const list = caption === wanted ? exact : partly;
    if (list.length < MOST) for (const item of items) list.push({ item, caption: text });
  };
  for (let start = 0; exact.length < MOST && !signal.aborted; start += WINDOW) {
    const items = await datasets.itemRange(projectId, "text", start, start + WINDOW);
    items.forEach((item, i) => add(item, start + i));
    if (items.length < WINDOW) break;
  }
  const seen = new Set<number>();
  return [...exact, ...partly]
    .filter(({ item }) => !seen.has(item) && seen.add(item))
    .slice(0, MOST);
}
