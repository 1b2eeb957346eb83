import type { Colouring } from "./colouring";
import type { MapModel } from "./mapModel";
import type { MapSelection } from "./useMapSelection";

const UNSELECTED = 255; // a code no group has

/** Which points are drawn in which colour, the last on top. */
export interface PointOrder {
  readonly order: Uint32Array;
  /** [points] index of the group, or `UNSELECTED`. */
  readonly codes: Uint8Array;
}

/** Points in the order given; while some are selected, the others are grey and below. */
export function pointOrder(
  mixed: Uint32Array,
  { codes }: Colouring,
  selection: Pick<MapSelection, "points" | "has">,
): PointOrder {
  if (selection.points.length === 0) return { order: mixed, codes };
  const grey = codes.map((code, point) => (selection.has(point) ? code : UNSELECTED));
  const below = mixed.filter((point) => !selection.has(point));
  const order = new Uint32Array(mixed.length);
  order.set(below);
  order.set(
    mixed.filter((point) => selection.has(point)),
    below.length,
  );
  return { order, codes: grey };
}

/** A group's name where its points are. */
export interface GroupLabel {
  readonly name: string;
  readonly group: number;
  readonly x: number;
  readonly y: number;
  readonly count: number;
}

/** The middle of each kind of point (medians, so that strays do not pull), the largest first. */
export function groupLabels(places: ArrayLike<number>, { by, groups, codes, isScale }: Colouring) {
  // Steps of a scale have no place of their own, and aligned sides have the same.
  if (isScale || by === "modality") return [];
  const members: number[][] = groups.map(() => []);
  codes.forEach((code, point) => members[code]?.push(point));
  const labels = groups.flatMap(({ name, count, colour }, group): GroupLabel[] => {
    if (colour.kind === "none" || colour.kind === "other" || count === 0) return [];
    const median = (axis: number) => {
      const values = Float64Array.from(members[group]!, (point) => places[2 * point + axis]!);
      return values.sort()[values.length >> 1]!;
    };
    return [{ name, group, count, x: median(0), y: median(1) }];
  });
  return labels.sort((a, b) => b.count - a.count);
}

const MOST_LINES = 500; // more are a grey cloud that hides the points
const FEW = 300; // points in view below which every pair among them is joined

/**
 * Pairs to join by a line: of what is looked at, and of what is selected or, where nothing is, of all
 * in view; of neither when they are many.
 */
export function joinedPairs(
  model: MapModel,
  { points, focus }: Pick<MapSelection, "points" | "focus">,
  inView: readonly number[],
): readonly number[] {
  const found = new Set<number>();
  for (const point of points.length > 0 ? points : inView.length <= FEW ? inView : []) {
    for (const pair of model.pairsOf(point)) found.add(pair);
    if (found.size > MOST_LINES) break;
  }
  const own = focus >= 0 ? model.pairsOf(focus) : [];
  if (found.size > MOST_LINES) return own;
  if (points.length > 0) return [...new Set([...own, ...found])];
  const seen = new Set(inView);
  const among = [...found].filter((p) => {
    const pair = model.pairs[p];
    return pair !== undefined && seen.has(pair.image) && seen.has(pair.text);
  });
  return [...new Set([...own, ...among])];
}

/** Half the size of a point on screen: smaller the more there are, larger on zooming in. */
export function radiusFor(points: number, zoom: number): number {
  const base = points <= 1_000 ? 4.5 : points <= 10_000 ? 3 : points <= 40_000 ? 2.2 : 1.6;
  return Math.min(6, base * Math.min(2.5, Math.max(1, zoom ** 0.35)));
}

/** How opaque a point is, so that crowds of many show as such. */
export function opacityFor(points: number, isSelected: boolean): number {
  if (isSelected || points <= 5_000) return 0.9;
  return points <= 20_000 ? 0.75 : 0.55;
}

/** Codes and colours as `splat` takes them. */
export function splatColours(groups: readonly number[], unselected: number): Int32Array {
  const colours = new Int32Array(UNSELECTED + 1).fill(unselected);
  groups.forEach((colour, i) => (colours[i] = colour));
  return colours;
}
