import { memo } from "react";
import { AudioClip } from "../../components/AudioClip";
import { BlobImage } from "../../components/BlobImage";
import { useProject } from "../../components/projectContext";
import { WindowClip } from "../../components/WindowClip";
import type { PairCard } from "./pairPages";
import styles from "./PairGrid.module.css";

const PICTURE = 80;

interface PairCardViewProps {
  readonly projectId: string;
  /** Undefined while it is read. */
  readonly card: PairCard | undefined;
  /** Place in the view. */
  readonly place: number;
  readonly isSelected: boolean;
  /** One card is in the tab order; the arrow keys reach the others. */
  readonly isTabStop: boolean;
  readonly onFocusPlace: (place: number) => void;
  readonly onOpen: (index: number, place: number) => void;
  readonly onToggle: (index: number, place: number, extend: boolean) => void;
}

/** One pair. Drawn once: scrolling moves cards without rendering them again. */
export const PairCardView = memo(function PairCardView(props: PairCardViewProps) {
  const { projectId, card, place, isSelected, isTabStop, onFocusPlace, onOpen, onToggle } = props;
  const { project } = useProject();
  if (!card) return <span className={styles.waiting} />;
  const { index, pair, media, text } = card;
  const caption = text?.text ?? "";
  const labels = [...new Set(Object.values({ ...media?.labels, ...text?.labels }))];
  const tabIndex = isTabStop ? 0 : -1;
  const isOut = pair.excluded !== undefined;
  return (
    <>
      {media?.modality === "image" && (
        <BlobImage projectId={projectId} digest={media.digest} alt="" size={PICTURE} />
      )}
      {media?.modality === "audio" && (
        <span className={styles.sound}>
          <AudioClip projectId={projectId} digest={media.digest} label={caption} />
        </span>
      )}
      {media?.modality === "sensor" && (
        <span className={styles.sound}>
          <WindowClip projectId={projectId} digest={media.digest} layout={project.data?.sensor} />
        </span>
      )}
      <span className={isOut ? `${styles.words} ${styles.out}` : styles.words}>
        <button
          type="button"
          className={styles.open}
          data-place={place}
          tabIndex={tabIndex}
          onFocus={() => onFocusPlace(place)}
          onClick={() => onOpen(index, place)}
        >
          <span className={`clamp ${styles.caption}`} dir="auto" title={caption}>
            {caption}
          </span>
        </button>
        <span className={styles.fact} title={`group ${pair.group} · ${pair.row}`}>
          {labels.join(" · ") || pair.group}
        </span>
        <span className={styles.fact}>
          {isOut ? (
            <span className={styles.excluded}>excluded</span>
          ) : (
            <span className={pair.split === "train" ? undefined : styles.heldOut}>
              {pair.split}
            </span>
          )}{" "}
          · group {pair.group}
        </span>
      </span>
      <label className={styles.pick}>
        <input
          type="checkbox"
          className={styles.check}
          aria-label={`Select pair ${index + 1}`}
          checked={isSelected}
          tabIndex={tabIndex}
          onFocus={() => onFocusPlace(place)}
          onChange={() => {}} // the click knows whether Shift is held
          onClick={(event) => onToggle(index, place, event.shiftKey)}
        />
      </label>
    </>
  );
});
