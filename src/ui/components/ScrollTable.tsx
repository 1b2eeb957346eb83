import type { ReactNode } from "react";
import styles from "./ScrollTable.module.css";

interface ScrollTableProps {
  /** What a screen reader calls the place that scrolls. */
  readonly label: string;
  /** Above the table; what stands in a `span` is set lighter. */
  readonly caption?: ReactNode;
  /** Cells keep to one line; what is wider than the page scrolls. */
  readonly isOneLine?: boolean;
  /** No higher than a part of the screen; the head of the table stays in sight. */
  readonly isTall?: boolean;
  /** Of the table, beside the class all tables have. */
  readonly className?: string | undefined;
  /** Head and bodies of the table. */
  readonly children: ReactNode;
}

/** A table that scrolls by itself, also with the keyboard, where the page has no room for it. */
export function ScrollTable(props: ScrollTableProps) {
  const { label, caption, isOneLine = false, isTall = false, className, children } = props;
  const frame = [styles.frame, isOneLine && styles.oneLine, isTall && styles.tall];
  return (
    <div className={frame.filter(Boolean).join(" ")} role="region" tabIndex={0} aria-label={label}>
      <table className={className ? `table ${className}` : "table"}>
        {caption !== undefined && <caption>{caption}</caption>}
        {children}
      </table>
    </div>
  );
}
