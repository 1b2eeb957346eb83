import { BlobImage } from "../../components/BlobImage";
import { useProject } from "../../components/projectContext";
import styles from "./Results.module.css";
import { SplitBadge } from "./SplitBadge";
import { nameOf, type Result } from "./useSearch";

interface ImageResultsProps {
  readonly results: readonly Result[];
  readonly onFind: (result: Result) => void;
}

const ROW_HEIGHT = 132;
const RATIOS = [0.5, 2.5] as const; // wider or taller would leave no room for its neighbours

/** Images in rank order, in rows of one height. */
export function ImageResults({ results, onFind }: ImageResultsProps) {
  const { project } = useProject();
  return (
    <ol className={styles.grid} aria-label="Images found">
      {results.map((result) => {
        const { item, rank, score, split, index } = result;
        const caption = nameOf(result);
        const ratio = clamp((item.width ?? 1) / (item.height ?? 1), ...RATIOS);
        return (
          <li key={index} style={{ flexGrow: ratio, flexBasis: ratio * ROW_HEIGHT }}>
            <button
              type="button"
              className={styles.picture}
              style={{ height: ROW_HEIGHT }}
              aria-label={`Find what goes with: ${caption}`}
              title="Find what goes with this image"
              onClick={() => onFind(result)}
            >
              <BlobImage
                projectId={project.id}
                digest={item.digest}
                alt={caption}
                size={ROW_HEIGHT}
              />
            </button>
            <div className={styles.facts}>
              <span>{rank}</span>
              <span className="quiet">{score.toFixed(3)}</span>
              <SplitBadge split={split} />
            </div>
            <p className={styles.caption} dir="auto" title={caption}>
              {caption}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value || 1));
}
