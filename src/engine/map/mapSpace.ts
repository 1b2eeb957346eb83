import type { Pair } from "../../core/domain/dataset";
import { isInUse } from "../../core/domain/inUse";
import type { MapItems, MapPlaces, MapScores, MapVectors } from "../../core/domain/jointMap";
import type { AlignedModality } from "../../core/domain/modality";
import type { Split } from "../../core/domain/dataset";
import { dot, flooredNorm, row, type Matrix } from "../../core/math/matrix";
import { principalComponents, reduceRows, type Components, type Sides } from "./components";
import { heldOutRanks } from "./heldOutRanks";

/** Directions that neighbours are looked for in: of trained spaces they keep nearly all variance. */
const REDUCED_WIDTH = 50;

/** What a map needs of a projected gallery. */
export interface MapSpace {
  readonly step: number;
  readonly gallery: {
    readonly galleries: Readonly<Record<AlignedModality, { readonly items: Uint32Array }>>;
    readonly splits: Readonly<Record<AlignedModality, readonly Split[]>>;
  };
  vectors(modality: AlignedModality): Matrix;
}

/** Draws maps of one space after the other; the directions of the last are kept. */
export class SpaceMapper {
  #last: { readonly space: MapSpace; readonly byCentring: Map<boolean, Components> } | undefined;

  /** Every item along the two directions in which they differ most. */
  async places(space: MapSpace, isCentred: boolean, signal?: AbortSignal): Promise<MapPlaces> {
    const components = this.#components(space, isCentred);
    const { data } = await reduceRows(sidesOf(space), components, { width: 2, signal });
    const [x = 0, y = 0] = components.shares;
    return { items: itemsOf(space), places: data, explained: [x, y], step: space.step };
  }

  /** Every item along the first 50 directions, for a layout by neighbours. */
  async vectors(space: MapSpace, isCentred: boolean, signal?: AbortSignal): Promise<MapVectors> {
    const components = this.#components(space, isCentred);
    const width = Math.max(1, Math.min(REDUCED_WIDTH, components.axes.rows));
    const { data } = await reduceRows(sidesOf(space), components, { width, signal });
    return { items: itemsOf(space), data, width, step: space.step };
  }

  #components(space: MapSpace, isCentred: boolean): Components {
    if (this.#last?.space !== space) this.#last = { space, byCentring: new Map() };
    const known = this.#last.byCentring.get(isCentred);
    if (known) return known;
    const made = principalComponents(sidesOf(space), { isCentred, width: REDUCED_WIDTH });
    this.#last.byCentring.set(isCentred, made);
    return made;
  }
}

/**
 * Ranks of the true partners of held-out items, and every item's lowest cosine with a partner.
 *
 * @throws AppError `data/non-finite`, `cancelled`.
 */
export async function mapScores(
  space: MapSpace,
  pairs: readonly Pair[],
  options: Parameters<typeof heldOutRanks>[2],
): Promise<MapScores> {
  const used = pairs.filter(isInUse);
  const ranks = await heldOutRanks(space, used, options);
  return { items: itemsOf(space), ranks, cosines: lowestCosines(space, used), step: space.step };
}

/** [points] lowest cosine with a partner; NaN without one in the gallery. */
function lowestCosines(space: MapSpace, pairs: readonly Pair[]): Float32Array<ArrayBuffer> {
  const { image, text } = sidesOf(space);
  const place = placesOf(space);
  const norms = { image: normsOf(image), text: normsOf(text) };
  const lowest = new Float32Array(image.rows + text.rows).fill(NaN);
  const keep = (point: number, cosine: number) => {
    if (!(lowest[point]! <= cosine)) lowest[point] = cosine;
  };
  for (const pair of pairs) {
    const i = place.image.get(pair.image ?? -1);
    const t = place.text.get(pair.text ?? -1);
    if (i === undefined || t === undefined) continue;
    const cosine = dot(row(image, i), row(text, t)) / (norms.image[i]! * norms.text[t]!);
    keep(i, cosine);
    keep(image.rows + t, cosine);
  }
  return lowest;
}

/** Row in the gallery of each item that is in it. */
export function placesOf({ gallery }: Pick<MapSpace, "gallery">) {
  const { image, text } = gallery.galleries;
  const rowsOf = (items: Uint32Array) =>
    new Map(Array.from(items, (item, r) => [item, r] as const));
  return { image: rowsOf(image.items), text: rowsOf(text.items) };
}

const sidesOf = (space: MapSpace): Sides => ({
  image: space.vectors("image"),
  text: space.vectors("text"),
});

// Copies: the gallery's own arrays stay in the worker, these are moved.
const itemsOf = ({ gallery: { galleries } }: MapSpace): MapItems => ({
  image: galleries.image.items.slice(),
  text: galleries.text.items.slice(),
});

/** CSA's vectors are not of unit length. */
function normsOf(side: Matrix): Float64Array {
  return Float64Array.from({ length: side.rows }, (_, i) => flooredNorm(row(side, i)));
}
