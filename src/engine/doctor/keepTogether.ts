import { linkedSets } from "../checking/nearDuplicates";
import { UnionFind } from "../../core/math/unionFind";
import { FOLDS } from "./foldRidge";

/** Who is paired with whom, in the doctor's own order. */
export interface DoctorPairs {
  /** Row of each side. */
  readonly image: Uint32Array;
  readonly text: Uint32Array;
  /** Pairs of one group are one thing; equal numbers belong together. */
  readonly group: Uint32Array;
}

/** A set that holds more than this share of the pairs would leave a fold too little to learn from. */
const MOST_IN_SET = 0.15;

/**
 * A fold for every pair. Pairs that share an image, a caption or a group are in one fold, and so
 * are near-duplicate images, unless that would put more than 15 % of all pairs in one set.
 *
 * @param duplicates image rows that are nearly the same.
 * @returns [pairs], 0 to 4: sets in order of size, each to the fold that has the fewest pairs.
 */
export function dealFolds(
  { image, text, group }: DoctorPairs,
  duplicates: readonly (readonly [number, number])[] = [],
): Uint8Array<ArrayBuffer> {
  const count = image.length;
  const size = (rows: Uint32Array) => rows.reduce((most, row) => Math.max(most, row + 1), 0);
  const [images, texts] = [size(image), size(text)];
  const sets = new UnionFind(images + texts + size(group));
  for (let p = 0; p < count; p++) {
    sets.union(image[p]!, images + text[p]!);
    sets.union(image[p]!, images + texts + group[p]!);
  }
  const pairsOf = new Uint32Array(images);
  for (const row of image) pairsOf[row] = pairsOf[row]! + 1;
  const sizes = new Map<number, number>();
  for (let i = 0; i < images; i++) {
    const root = sets.find(i);
    sizes.set(root, (sizes.get(root) ?? 0) + pairsOf[i]!);
  }
  for (const linked of linkedSets(images, duplicates)) {
    joinSmall(sets, sizes, linked, MOST_IN_SET * count);
  }
  const roots = Uint32Array.from(image, (row) => sets.find(row));
  return foldsOf(roots);
}

function joinSmall(
  sets: UnionFind,
  sizes: Map<number, number>,
  rows: readonly number[],
  most: number,
): void {
  for (const row of rows.slice(1)) {
    const [a, b] = [sets.find(rows[0]!), sets.find(row)];
    const joined = (sizes.get(a) ?? 0) + (sizes.get(b) ?? 0);
    if (a === b || joined > most) continue;
    sets.union(a, b);
    sizes.set(sets.find(a), joined);
  }
}

function foldsOf(roots: Uint32Array): Uint8Array<ArrayBuffer> {
  const sizes = new Map<number, number>();
  for (const root of roots) sizes.set(root, (sizes.get(root) ?? 0) + 1);
  const filled = new Array<number>(FOLDS).fill(0);
  const foldOf = new Map<number, number>();
  for (const [root, size] of [...sizes].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
    const fold = filled.indexOf(Math.min(...filled));
    foldOf.set(root, fold);
    filled[fold] = filled[fold]! + size;
  }
  return Uint8Array.from(roots, (root) => foldOf.get(root)!);
}
