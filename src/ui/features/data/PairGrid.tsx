import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, useState } from "react";
import { BlobImage } from "../../components/BlobImage";
import type { PairCard } from "./pairPages";
import styles from "./PairGrid.module.css";
import { usePairPages } from "./usePairPages";

const CARD_HEIGHT = 112;
const CARD_WIDTH = 264; // picture and three words of a caption
const PICTURE = 80;

interface PairGridProps {
  readonly projectId: string;
  /** How many there are. */
  readonly pairs: number;
}

/** Every pair as a card; only those near the window exist, so that 100,000 scroll smoothly. */
export function PairGrid({ projectId, pairs }: PairGridProps) {
  const list = useRef<HTMLUListElement>(null);
  const { width, top } = usePlace(list);
  const columns = Math.max(1, Math.floor(width / CARD_WIDTH));
  const virtualizer = useWindowVirtualizer({
    count: Math.ceil(pairs / columns),
    estimateSize: () => CARD_HEIGHT,
    overscan: 4,
    scrollMargin: top,
  });
  const rows = virtualizer.getVirtualItems();
  const first = (rows[0]?.index ?? 0) * columns;
  const last = Math.min(pairs, ((rows.at(-1)?.index ?? 0) + 1) * columns) - 1;
  const cardAt = usePairPages(projectId, first, Math.max(0, last));
  return (
    <ul
      ref={list}
      className={styles.grid}
      aria-label="Pairs"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {rows.flatMap((row) =>
        Array.from({ length: Math.min(columns, pairs - row.index * columns) }, (_, column) => {
          const index = row.index * columns + column;
          return (
            <li
              key={index}
              className={styles.card}
              aria-setsize={pairs}
              aria-posinset={index + 1}
              style={{
                width: `${100 / columns}%`,
                height: CARD_HEIGHT,
                transform: `translate(${column * 100}%, ${row.start - top}px)`,
              }}
            >
              <Card projectId={projectId} card={cardAt(index)} />
            </li>
          );
        }),
      )}
    </ul>
  );
}

/** Drawn once per pair: scrolling moves cards without rendering them again. */
const Card = memo(function Card({
  projectId,
  card,
}: {
  projectId: string;
  card: PairCard | undefined;
}) {
  if (!card) return <span className={styles.waiting} />;
  const { pair, media, text } = card;
  const caption = text?.text ?? "";
  const labels = Object.values({ ...media?.labels, ...text?.labels });
  return (
    <>
      {media && (
        <BlobImage projectId={projectId} digest={media.digest} alt={caption} size={PICTURE} />
      )}
      <span className={styles.words}>
        <span className={styles.caption} dir="auto" title={caption}>
          {caption}
        </span>
        <span className={styles.fact} title={`group ${pair.group} · ${pair.row}`}>
          {[...new Set(labels)].join(" · ") || pair.group}
        </span>
        <span className={styles.fact}>
          <span className={pair.split === "train" ? undefined : styles.heldOut}>{pair.split}</span>{" "}
          · group {pair.group}
        </span>
      </span>
    </>
  );
});

/** Width of an element and its distance from the top of the page, as the layout changes. */
function usePlace(element: React.RefObject<HTMLElement | null>): { width: number; top: number } {
  const [place, setPlace] = useState({ width: 0, top: 0 });
  useEffect(() => {
    const measure = () => {
      if (!element.current) return;
      const { width, top } = element.current.getBoundingClientRect();
      const next = { width, top: Math.round(top + scrollY) };
      setPlace((now) => (now.width === next.width && now.top === next.top ? now : next));
    };
    measure();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [element]);
  return place;
}
