import type { ReactNode } from "react";
import type { SortOrder } from "./sorting";
import styles from "./SortHeader.module.css";

interface SortHeaderProps<Column extends string> {
  readonly column: Column;
  readonly order: SortOrder<Column>;
  readonly onSort: (column: Column, options?: { downFirst?: boolean }) => void;
  /** Numbers stand at the right, and the first click puts the largest first. */
  readonly isNumber?: boolean;
  readonly children: ReactNode;
}

/** A column header that sorts its table. */
export function SortHeader<Column extends string>({
  column,
  order,
  onSort,
  isNumber = false,
  children,
}: SortHeaderProps<Column>) {
  const isSorted = order.column === column;
  return (
    <th
      scope="col"
      className={isNumber ? "number" : undefined}
      aria-sort={!isSorted ? "none" : order.down ? "descending" : "ascending"}
    >
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort(column, { downFirst: isNumber })}
      >
        {children}
        <span aria-hidden="true" className={styles.arrow}>
          {isSorted ? (order.down ? "↓" : "↑") : ""}
        </span>
      </button>
    </th>
  );
}
