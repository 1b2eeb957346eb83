/** Items of one row, side by side from the left. */
export interface Row {
  /** Place of its first item. */
  readonly first: number;
  /** Width of each of its items. */
  readonly widths: readonly number[];
  readonly height: number;
}

export interface RowSettings {
  /** Width there is. */
  readonly width: number;
  /** Height a row has before it is stretched to the full width. */
  readonly height: number;
  /** Between neighbours. */
  readonly gap: number;
}

const RATIOS = [0.5, 2.5] as const; // wider or taller would leave no room for its neighbours
const STRETCH = [0.75, 1.35] as const; // beyond, a row would look like a mistake

/**
 * Rows of pictures of one height each that end at the same right edge, all in order. The last row
 * keeps the plain height, and so does one that would have to be stretched too far.
 *
 * @param ratios width over height of each picture.
 */
export function justifyRows(ratios: readonly number[], settings: RowSettings): Row[] {
  const { width, height, gap } = settings;
  const rows: Row[] = [];
  let first = 0;
  let sum = 0;
  const close = (end: number, isLast: boolean) => {
    const gaps = (end - first - 1) * gap;
    const fitted = (width - gaps) / sum / height;
    const isSparse = fitted < STRETCH[0] || fitted > STRETCH[1];
    const tall = isLast || isSparse ? Math.min(1, Math.max(0.1, fitted)) : fitted;
    const own = ratios.slice(first, end).map((ratio) => limited(ratio) * height * tall);
    rows.push({ first, widths: own, height: height * tall });
    first = end;
    sum = 0;
  };
  for (const [i, ratio] of ratios.entries()) {
    const next = sum + limited(ratio);
    const over = next * height + (i - first) * gap - width;
    const under = width - sum * height - (i - first - 1) * gap;
    // Whichever end is nearer to the edge: with this picture squeezed, or without it stretched.
    if (over > 0 && i > first && under < over) close(i, false);
    sum += limited(ratio);
    if (sum * height + (i - first) * gap >= width) close(i + 1, false);
  }
  if (first < ratios.length) close(ratios.length, true);
  return rows;
}

/** One item per row, as wide as there is room. */
export function listRows(count: number, width: number, height: number): Row[] {
  return Array.from({ length: count }, (_, first) => ({ first, widths: [width], height }));
}

/** The place one row up or down that lies nearest under or over another; undefined at the edge. */
export function placeBeside(
  rows: readonly Row[],
  place: number,
  { by, gap }: { readonly by: 1 | -1; readonly gap: number },
): number | undefined {
  const at = rowOf(rows, place);
  const own = rows[at];
  const other = rows[at + by];
  if (!own || !other) return undefined;
  const centre = centreOf(own, place - own.first, gap);
  const distances = other.widths.map((_, i) => Math.abs(centreOf(other, i, gap) - centre));
  return other.first + distances.indexOf(Math.min(...distances));
}

/** The row a place lies in. */
export function rowOf(rows: readonly Row[], place: number): number {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle]?.first ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

function centreOf({ widths }: Row, i: number, gap: number): number {
  const before = widths.slice(0, i).reduce((sum, width) => sum + width + gap, 0);
  return before + (widths[i] ?? 0) / 2;
}

function limited(ratio: number): number {
  return Math.min(RATIOS[1], Math.max(RATIOS[0], ratio || 1));
}
