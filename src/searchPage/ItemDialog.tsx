import { Dialog } from "../ui/components/Dialog";
import type { ShownItem } from "./PictureGrid";
import type { Pictures } from "./pictures";
import styles from "./SearchPage.module.css";
import { Thumbnail } from "./Thumbnail";

interface ItemDialogProps {
  readonly opened: ShownItem | null;
  readonly pictures: Pictures;
  readonly onClose: () => void;
}

const SPLIT_WORDS = {
  train: "training set: the projectors have seen it",
  validation: "validation set",
  test: "held out: the projectors have never seen it",
} as const;

/** One picture enlarged, with all its captions. */
export function ItemDialog({ opened, pictures, onClose }: ItemDialogProps) {
  const title = opened?.item.captions[0] ?? "Picture";
  return (
    <Dialog title={title} open={opened !== null} onClose={onClose}>
      {opened && (
        <>
          <Thumbnail
            item={opened.item}
            pictures={pictures}
            style={{ height: 320 }}
            original={opened.item.original}
          />
          <dl className={styles.facts}>
            {opened.rank !== undefined && (
              <>
                <dt>Rank</dt>
                <dd>{opened.rank}</dd>
                <dt>Score</dt>
                <dd>{opened.score?.toFixed(4)}</dd>
              </>
            )}
            <dt>Captions</dt>
            <dd>
              {opened.item.captions.length === 0 && "none"}
              {opened.item.captions.map((caption) => (
                <p key={caption} dir="auto">
                  {caption}
                </p>
              ))}
            </dd>
            <dt>Split</dt>
            <dd>{SPLIT_WORDS[opened.item.split]}</dd>
          </dl>
          <button type="button" className={`button ${styles.close}`} onClick={onClose}>
            Close
          </button>
        </>
      )}
    </Dialog>
  );
}
