import type { Item, Pair } from "../../core/domain/dataset";
import { isInUse } from "../../core/domain/inUse";
import type { MediaModality } from "../../core/domain/modality";

/** Imported data as the checks see it. Pairs are named by their index in the project. */
export interface CheckedData {
  readonly modality: MediaModality;
  /** Pictures or sounds. */
  readonly media: readonly Item[];
  readonly texts: readonly Item[];
  /** Every pair, the excluded among them, so that indices are the project's. */
  readonly pairs: readonly Pair[];
  /** Pairs in use of each picture or sound, by item index. */
  readonly pairsOfMedia: readonly (readonly number[])[];
  /** Pairs in use of each caption, by item index. */
  readonly pairsOfText: readonly (readonly number[])[];
}

/** The data with its pairs sorted by item; excluded pairs are in no list. */
export function checkedData(
  modality: MediaModality,
  media: readonly Item[],
  texts: readonly Item[],
  pairs: readonly Pair[],
): CheckedData {
  const pairsOfMedia: number[][] = media.map(() => []);
  const pairsOfText: number[][] = texts.map(() => []);
  pairs.forEach((pair, i) => {
    if (!isInUse(pair)) return;
    pairsOfMedia[pair[modality] ?? -1]?.push(i);
    pairsOfText[pair.text ?? -1]?.push(i);
  });
  return { modality, media, texts, pairs, pairsOfMedia, pairsOfText };
}

/** `picture`, `pictures`, `sound`, `sounds`. */
export function mediaNoun(modality: MediaModality, count: number): string {
  const noun = { image: "picture", audio: "sound", sensor: "window" }[modality];
  return count === 1 ? noun : `${noun}s`;
}

/** Groups by size, largest first; of equal ones the earliest pair first. */
export function largestFirst(groups: readonly (readonly number[])[]): (readonly number[])[] {
  return [...groups].sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
}

/** How many pairs are in any of the groups. */
export function pairsIn(groups: readonly (readonly number[])[]): number {
  return new Set(groups.flat()).size;
}
