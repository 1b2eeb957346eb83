import { SPLITS, type Split } from "../../../../core/domain/dataset";
import {
  pointsOf,
  type ItemFacts,
  type LabelFacts,
  type MapItems,
  type MapScores,
} from "../../../../core/domain/jointMap";
import type { AlignedModality } from "../../../../core/domain/modality";

/** The points of a map with all that is known of them; images stand before texts. */
export interface MapModel {
  readonly items: MapItems;
  readonly points: number;
  readonly images: number;
  readonly labels: readonly LabelFacts[];
  readonly tags: readonly string[];
  /** Rank of the true partner, 1 = best; null before scores were computed, 0 without one. */
  readonly ranks: Uint32Array | null;
  /** Lowest cosine with a partner; NaN without one. */
  readonly cosines: Float32Array | null;
  /** Highest mismatch of its pairs, as the pair doctor judged them; NaN where it did not. */
  readonly mismatches: Float32Array | null;
  readonly splitOf: (point: number) => Split;
  /** Value of a label column; empty without one. */
  readonly labelOf: (column: LabelFacts, point: number) => string;
  /** Pairs in the map: their two points, and their index in the project. */
  readonly pairs: readonly MapPair[];
  /** Pairs of a point, by place in `pairs`. */
  readonly pairsOf: (point: number) => readonly number[];
  /** Points with a pair of that tag. */
  readonly tagged: (tag: string) => readonly number[];
}

export interface MapPair {
  readonly index: number;
  readonly image: number;
  readonly text: number;
}

/** Modality and index in the project of a point. */
export function itemOf({ items, images }: MapModel, point: number) {
  const modality: AlignedModality = point < images ? "image" : "text";
  return { modality, item: items[modality][modality === "image" ? point : point - images] ?? 0 };
}

/** What was computed of the items, as far as it was. */
interface Computed {
  readonly scores?: MapScores | null;
  /** Mismatch of pairs, by index in the project. */
  readonly judged?: { readonly pair: Uint32Array; readonly mismatch: Float32Array } | null;
}

/** Joins the points of a map with the facts of the project. Scores of other items are left out. */
export function mapModel(
  items: MapItems,
  facts: ItemFacts,
  { scores = null, judged = null }: Computed = {},
): MapModel {
  const images = items.image.length;
  const points = pointsOf(items);
  const pointOf = {
    image: new Map(Array.from(items.image, (item, i) => [item, i])),
    text: new Map(Array.from(items.text, (item, i) => [item, images + i])),
  };
  const placeOfPair = new Map<number, number>();
  const pairs: MapPair[] = [];
  const pairsOf = new Map<number, number[]>();
  const note = (point: number, pair: number) => {
    const known = pairsOf.get(point);
    if (known) known.push(pair);
    else pairsOf.set(point, [pair]);
  };
  facts.pairs.index.forEach((index, p) => {
    const image = pointOf.image.get(facts.pairs.image[p]!);
    const text = pointOf.text.get(facts.pairs.text[p]!);
    if (image === undefined || text === undefined) return;
    placeOfPair.set(p, pairs.length);
    note(image, pairs.length);
    note(text, pairs.length);
    pairs.push({ index, image, text });
  });
  const itemAt = (point: number) =>
    point < images
      ? ({ modality: "image", item: items.image[point]! } as const)
      : ({ modality: "text", item: items.text[point - images]! } as const);
  const known = scores && sameItems(scores.items, items) ? scores : null;
  return {
    ...{ items, points, images, pairs, labels: facts.labels },
    tags: facts.tags.map(({ name }) => name),
    ranks: known?.ranks ?? null,
    cosines: known?.cosines ?? null,
    mismatches: judged && highestMismatch(points, pairs, judged),
    splitOf(point) {
      const { modality, item } = itemAt(point);
      return SPLITS[facts.splits[modality][item] ?? 0]!;
    },
    labelOf({ values, codes }, point) {
      const { modality, item } = itemAt(point);
      return values[codes[modality][item] ?? -1] ?? "";
    },
    pairsOf: (point) => pairsOf.get(point) ?? [],
    tagged(tag) {
      const found = new Set<number>();
      for (const p of facts.tags.find(({ name }) => name === tag)?.pairs ?? []) {
        const pair = pairs[placeOfPair.get(p) ?? -1];
        if (pair) found.add(pair.image).add(pair.text);
      }
      return [...found];
    },
  };
}

function highestMismatch(
  points: number,
  pairs: readonly MapPair[],
  { pair, mismatch }: NonNullable<Computed["judged"]>,
): Float32Array {
  const byPair = new Map(Array.from(pair, (index, place) => [index, mismatch[place] ?? NaN]));
  const highest = new Float32Array(points).fill(NaN);
  for (const { index, image, text } of pairs) {
    const value = byPair.get(index) ?? NaN;
    for (const point of [image, text]) {
      if (!(highest[point]! >= value))
        highest[point] = Number.isNaN(value) ? highest[point]! : value;
    }
  }
  return highest;
}

/** Whether two maps show the same items in the same order. */
export function sameItems(a: MapItems, b: MapItems): boolean {
  const same = (x: Uint32Array, y: Uint32Array) =>
    x === y || (x.length === y.length && x.every((item, i) => item === y[i]));
  return same(a.image, b.image) && same(a.text, b.text);
}

/**
 * Places of `wanted` items from a map of others, or null when it lacks one of them: a layout goes on
 * being of use after pairs were excluded.
 */
export function placesFor(
  wanted: MapItems,
  made: { readonly items: MapItems; readonly places: Float32Array },
): Float32Array | null {
  if (sameItems(wanted, made.items)) return made.places;
  const out = new Float32Array(2 * pointsOf(wanted));
  let at = 0;
  for (const modality of ["image", "text"] as const) {
    const offset = modality === "image" ? 0 : made.items.image.length;
    const rowOf = new Map(Array.from(made.items[modality], (item, i) => [item, offset + i]));
    for (const item of wanted[modality]) {
      const row = rowOf.get(item);
      if (row === undefined) return null;
      out.set(made.places.subarray(2 * row, 2 * row + 2), at);
      at += 2;
    }
  }
  return out;
}

/**
 * Turns axes round where that brings points nearer to where they were, so that a map redrawn for a
 * newer checkpoint does not flip.
 */
export function likeBefore(places: Float32Array, before: Float32Array | undefined): Float32Array {
  if (!before || before.length !== places.length) return places;
  const out = places.slice();
  for (const axis of [0, 1]) {
    let product = 0;
    for (let p = axis; p < places.length; p += 2) product += places[p]! * before[p]!;
    if (product < 0) for (let p = axis; p < places.length; p += 2) out[p] = -out[p]!;
  }
  return out;
}
