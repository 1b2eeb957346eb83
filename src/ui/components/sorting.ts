import { useState } from "react";

/** What a table is sorted by. */
export interface SortOrder<Column extends string> {
  readonly column: Column;
  readonly down: boolean;
}

/** Something a column sorts by; null for a cell without a value. */
export type SortValue = string | number | null;

const { compare } = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * Rows by `value`, texts in natural order (`run 9` before `run 10`). Rows without a value, NaN
 * included, come last whichever way; equal rows keep their order.
 */
export function sortRows<Row>(
  rows: readonly Row[],
  value: (row: Row) => SortValue,
  down: boolean,
): Row[] {
  const isMissing = (key: SortValue) => key === null || Number.isNaN(key);
  const keyed = rows.map((row) => ({ row, key: value(row) }));
  keyed.sort((a, b) => {
    if (isMissing(a.key) || isMissing(b.key))
      return Number(isMissing(a.key)) - Number(isMissing(b.key));
    const order =
      typeof a.key === "number" && typeof b.key === "number"
        ? a.key - b.key
        : compare(String(a.key), String(b.key));
    return down ? -order : order;
  });
  return keyed.map(({ row }) => row);
}

/** The order of a table and the command of its column headers: once more turns it round. */
export function useSortOrder<Column extends string>(start: SortOrder<Column>) {
  const [order, setOrder] = useState(start);
  const sortBy = (column: Column, { downFirst = false } = {}) =>
    setOrder((before) => ({
      column,
      down: before.column === column ? !before.down : downFirst,
    }));
  return { order, sortBy };
}
