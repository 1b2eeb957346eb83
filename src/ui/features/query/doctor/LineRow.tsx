import type { Pair } from "../../../../core/domain/dataset";
import type { RankedPair } from "../../../../core/domain/diagnosis";
import { BlobImage } from "../../../components/BlobImage";
import { formatCount } from "../../../components/formatting";
import { useProject } from "../../../components/projectContext";
import type { ItemCache } from "../../../components/search/itemCache";
import { SplitBadge } from "../../../components/search/SplitBadge";
import styles from "./Doctor.module.css";
import { stateOf, type LineState } from "./useLines";
import { useLineItems } from "./useLineItems";

interface LineRowProps {
  readonly line: RankedPair;
  readonly place: number;
  readonly pair: Pair | undefined;
  readonly items: ItemCache;
  readonly canEdit: boolean;
  readonly isFlagged: boolean;
  readonly isOpened: boolean;
  readonly isTabStop: boolean;
  readonly isSelected: boolean;
  readonly onOpen: () => void;
  readonly onToggle: () => void;
}

/** What became of a pair, in a word. */
export const STATE_WORDS: Readonly<Record<LineState, string>> = {
  open: "",
  changed: "caption changed",
  excluded: "excluded",
  checked: "marked as fine",
};

/** One pair of the ranking: its picture, its caption, what fits better, and how badly it fits. */
export function LineRow({ line, place, pair, items, canEdit, ...row }: LineRowProps) {
  const { project } = useProject();
  const { image, caption, best } = useLineItems(items, pair, line.bestCaption);
  const state = stateOf(pair, line.caption);
  const number = formatCount(place + 1);
  return (
    <>
      <input
        type="checkbox"
        className={styles.check}
        aria-label={`Select pair ${number}`}
        checked={row.isSelected}
        disabled={!canEdit}
        tabIndex={row.isTabStop ? 0 : -1}
        onChange={row.onToggle}
      />
      <button
        type="button"
        className={styles.line}
        aria-expanded={row.isOpened}
        tabIndex={row.isTabStop ? 0 : -1}
        data-place={place}
        onClick={row.onOpen}
      >
        {image?.modality === "image" ? (
          <BlobImage projectId={project.id} digest={image.digest} alt="" size={56} />
        ) : (
          <span className={styles.noPicture} />
        )}
        <span className={styles.words}>
          <span className={state === "excluded" ? styles.out : styles.one} dir="auto">
            {caption?.text}
          </span>
          <span className={`quiet ${styles.one}`} dir="auto">
            {line.captionMargin > 0 ? "better: " : "next: "}
            {best?.text}
          </span>
        </span>
        <span className={styles.figures}>
          <span className={styles.score} data-flagged={row.isFlagged}>
            {line.mismatch.toFixed(2)}
            {row.isFlagged && <span className={styles.flag}> flagged</span>}
          </span>
          <span className="quiet">rank {formatCount(line.captionRank)}</span>
        </span>
        <span className={styles.state}>
          {STATE_WORDS[state] || (pair && <SplitBadge split={pair.split} />)}
        </span>
      </button>
    </>
  );
}
