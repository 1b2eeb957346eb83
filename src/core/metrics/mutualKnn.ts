import { AppError } from "../errors";

/** The k nearest others of each of n items, nearest first. */
export interface Neighbours {
  readonly items: number;
  readonly k: number;
  /** [n, k] indices of items. */
  readonly indices: Uint32Array<ArrayBuffer>;
}

/**
 * Room for the neighbours of `items` items, for `takeNearest` to fill.
 *
 * @throws AppError `data/too-few` when there are not more than `k` items.
 */
export function neighboursOf(items: number, k: number): Neighbours {
  if (items <= k) throw new AppError("data/too-few", `${items} pairs for ${k} neighbours`);
  return { items, k, indices: new Uint32Array(items * k) };
}

/**
 * Fills in the neighbours of the items from `start` on, from a block of their similarities.
 *
 * An item is not its own neighbour. Equal similarities go to the lower index.
 *
 * @param scores [rows, n] similarity of items `start`, `start + 1`, ... with every item.
 * @param apart  [n] when given, items of equal number are not each other's neighbours either; at
 *   least k items must have another number.
 * @throws AppError `data/non-finite`.
 */
export function takeNearest(
  into: Neighbours,
  scores: ArrayLike<number>,
  start: number,
  apart?: ArrayLike<number>,
): void {
  const { items, k, indices } = into;
  const best = new Float64Array(k);
  for (let r = 0; r * items < scores.length; r++) {
    const self = start + r;
    best.fill(-Infinity);
    for (let j = 0; j < items; j++) {
      const score = scores[r * items + j]!;
      // A comparison with NaN is false, so a NaN would silently be nobody's neighbour.
      if (!Number.isFinite(score)) throw new AppError("data/non-finite", `item ${self}, item ${j}`);
      if (j === self || score <= best[k - 1]!) continue;
      if (apart && apart[j] === apart[self]) continue;
      let place = k - 1;
      for (; place > 0 && score > best[place - 1]!; place--) {
        best[place] = best[place - 1]!;
        indices[self * k + place] = indices[self * k + place - 1]!;
      }
      best[place] = score;
      indices[self * k + place] = j;
    }
  }
}

/**
 * Share of neighbours that two sets have in common, in [0, 1].
 *
 *   m = (1/n) Σ_i |kNN_a(i) ∩ kNN_b(i)| / k
 *
 * Unrelated sets give k / (n - 1) on average; equal geometries give 1.
 *
 * @param order when given, item i of `a` is compared with item `order[i]` of `b`, neighbours
 *   likewise: the pairing shuffled, a row permutation of b.
 * @throws AppError `data/shape` when the sets differ in items or k.
 *
 * Source: Huh, Cheung, Wang and Isola, ICML 2024 (mutual nearest-neighbour metric).
 */
export function mutualKnn(a: Neighbours, b: Neighbours, order?: Uint32Array): number {
  return mutualKnnOfMany([a], b, order)[0]!;
}

/** As `mutualKnn` of each of `sets` with `b`, for the price of marking b's neighbours once. */
export function mutualKnnOfMany(
  sets: readonly Neighbours[],
  b: Neighbours,
  order?: Uint32Array,
): number[] {
  const { items, k } = b;
  if (sets.some((set) => set.items !== items || set.k !== k)) {
    throw new AppError("data/shape", sets.map((set) => `${set.items} × ${set.k}`).join(", "));
  }
  const marks = new Int32Array(items).fill(-1);
  const common = new Float64Array(sets.length);
  for (let i = 0; i < items; i++) {
    const there = order ? order[i]! : i;
    for (let p = 0; p < k; p++) marks[b.indices[there * k + p]!] = i;
    for (let s = 0; s < sets.length; s++) {
      const { indices } = sets[s]!;
      for (let p = 0; p < k; p++) {
        const neighbour = indices[i * k + p]!;
        if (marks[order ? order[neighbour]! : neighbour] === i) common[s] = common[s]! + 1;
      }
    }
  }
  return Array.from(common, (count) => count / (items * k));
}

/** What unrelated sets share on average: k / (n - 1). */
export function mutualKnnChance(items: number, k: number): number {
  return k / (items - 1);
}
