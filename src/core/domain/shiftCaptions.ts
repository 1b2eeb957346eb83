import type { Pair } from "./dataset";
import { isInUse } from "./inUse";
import type { EditRequest } from "./edit";

/** What moving all captions of a table comes to. */
export interface ShiftPlan {
  /** Gives every row the caption of another. */
  readonly shift: Extract<EditRequest, { kind: "captions" }>;
  /** Rows at the end of the table for which no caption is left; empty when there are none. */
  readonly left: readonly number[];
}

/**
 * Gives the image of every row the caption `offset` rows further down. The second, third caption of
 * a row comes from the second, third of the other row, so several caption columns move together.
 */
export function planShift(pairs: readonly Pair[], offset: number): ShiftPlan {
  const columns: number[][] = []; // pairs of the first captions, of the second, …
  const seen = new Map<string, number>();
  pairs.forEach(({ row, text }, p) => {
    if (text === undefined) return;
    const column = seen.get(row) ?? 0;
    seen.set(row, column + 1);
    (columns[column] ??= []).push(p);
  });
  const [moved, texts, left]: [number[], number[], number[]] = [[], [], []];
  for (const column of columns) {
    column.forEach((p, place) => {
      const text = pairs[column[place + offset] ?? -1]?.text;
      if (text !== undefined) {
        moved.push(p);
        texts.push(text);
      } else if (isInUse(pairs[p]!)) left.push(p);
    });
  }
  return { shift: { kind: "captions", pairs: moved, texts }, left };
}
