import styles from "./Results.module.css";
import { SplitBadge } from "./SplitBadge";
import type { Result } from "./useSearch";

interface TextResultsProps {
  readonly results: readonly Result[];
  readonly onFind: (result: Result) => void;
}

/** Captions in rank order. */
export function TextResults({ results, onFind }: TextResultsProps) {
  return (
    <ol className={styles.list} aria-label="Captions found">
      {results.map((result) => {
        const { index, rank, score, item, split } = result;
        return (
          <li key={index}>
            <span className={styles.rank}>{rank}</span>
            <span className="quiet">{score.toFixed(3)}</span>
            <button
              type="button"
              className={styles.text}
              dir="auto"
              title="Find what goes with this caption"
              onClick={() => onFind(result)}
            >
              {item.text}
            </button>
            <SplitBadge split={split} />
          </li>
        );
      })}
    </ol>
  );
}
