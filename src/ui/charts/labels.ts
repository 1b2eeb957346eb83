/** Something that wants to stand at a height and needs room. */
export interface Placed {
  readonly y: number;
}

/**
 * Heights for labels, as near to where they want to stand as `gap` between neighbours allows,
 * within [top, bottom]. Order is kept; where there is too little room they overlap evenly.
 */
export function spreadLabels(
  labels: readonly Placed[],
  gap: number,
  [top, bottom]: readonly [number, number],
): number[] {
  const order = labels.map((_, i) => i).sort((a, b) => labels[a]!.y - labels[b]!.y);
  const room = Math.min(gap, (bottom - top) / Math.max(1, labels.length - 1));
  const heights = new Array<number>(labels.length).fill(0);
  let least = top;
  for (const i of order) {
    heights[i] = Math.max(labels[i]!.y, least);
    least = heights[i]! + room;
  }
  let most = bottom;
  for (const i of order.toReversed()) {
    heights[i] = Math.min(heights[i]!, most);
    most = heights[i]! - room;
  }
  return heights;
}
