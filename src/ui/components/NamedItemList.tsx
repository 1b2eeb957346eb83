import type { ItemNote } from "../../core/domain/namedItems";
import { formatCount } from "./formatting";
import styles from "./NamedItemList.module.css";

interface NamedItemListProps {
  /** How many there are and what is said about them. */
  readonly summary: string;
  readonly items: readonly ItemNote[];
  /** How many there are, where `items` is only the first of them. */
  readonly count?: number;
}

/** Items by the file they came from, each with what there is to say about it. */
export function NamedItemList({ summary, items, count = items.length }: NamedItemListProps) {
  const more = count - items.length;
  return (
    <details>
      <summary>{summary}</summary>
      <ul className={styles.items}>
        {items.map(({ digest, source, reason }) => (
          // Files of equal content are items of their own.
          <li key={`${source}/${digest}`}>
            <span className="mono">{source}</span>: {reason}
          </li>
        ))}
        {more > 0 && <li className="quiet">and {formatCount(more)} more</li>}
      </ul>
    </details>
  );
}
