import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import type { MediaModality } from "../../../core/domain/modality";
import { usePagePlace } from "../../components/usePagePlace";
import { gridKeys } from "./gridKeys";
import { PairCardView } from "./PairCardView";
import styles from "./PairGrid.module.css";
import { usePairPages, type PairSource } from "./usePairPages";
import type { PairSelection } from "./usePairSelection";

/** Picture and three words of a caption; a player with its waveform; curves of a window. */
const CARDS = {
  image: { width: 280, height: 112 },
  audio: { width: 420, height: 128 },
  sensor: { width: 420, height: 128 },
} as const satisfies Record<MediaModality, { width: number; height: number }>;

interface PairGridProps {
  readonly source: PairSource;
  /** How many there are to show. */
  readonly pairs: number;
  readonly media: MediaModality;
  readonly selection: PairSelection;
  /** Opens a pair, by its index in the project and its place in the view. */
  readonly onOpen: (index: number, place: number) => void;
  readonly onExclude: () => void;
}

/** Every pair as a card; only those near the window exist, so that 100,000 scroll smoothly. */
export function PairGrid(props: PairGridProps) {
  const { source, pairs, media, selection, onOpen, onExclude } = props;
  const list = useRef<HTMLUListElement>(null);
  const { width, top } = usePagePlace(list);
  const card = CARDS[media];
  const columns = Math.max(1, Math.floor(width / card.width));
  const virtualizer = useWindowVirtualizer({
    count: Math.ceil(pairs / columns),
    estimateSize: () => card.height,
    overscan: 4,
    scrollMargin: top,
  });
  const rows = virtualizer.getVirtualItems();
  const first = (rows[0]?.index ?? 0) * columns;
  const last = Math.min(pairs, ((rows.at(-1)?.index ?? 0) + 1) * columns) - 1;
  const cardAt = usePairPages(source, first, Math.max(0, last));
  const [focused, setFocused] = useState(0);
  const move = (place: number) => {
    setFocused(place);
    virtualizer.scrollToIndex(Math.floor(place / columns));
    focusCard(list, place);
  };
  const onKeyDown = gridKeys({
    ...{ pairs, columns, focused, move },
    toggle: (extend) => {
      const index = cardAt(focused)?.index;
      if (index !== undefined) selection.toggle(index, focused, extend);
    },
    exclude: onExclude,
    clear: selection.clear,
  });
  return (
    <ul
      ref={list}
      className={styles.grid}
      aria-label="Pairs"
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={onKeyDown}
    >
      {rows.flatMap((row) =>
        Array.from({ length: Math.min(columns, pairs - row.index * columns) }, (_, column) => {
          const place = row.index * columns + column;
          const shown = cardAt(place);
          return (
            <li
              key={place}
              className={styles.card}
              aria-setsize={pairs}
              aria-posinset={place + 1}
              style={{
                width: `${100 / columns}%`,
                height: card.height,
                transform: `translate(${column * 100}%, ${row.start - top}px)`,
              }}
            >
              <PairCardView
                projectId={source.projectId}
                card={shown}
                place={place}
                isSelected={shown !== undefined && selection.has(shown.index)}
                isTabStop={place === Math.min(Math.max(focused, first), Math.max(first, last))}
                onFocusPlace={setFocused}
                onOpen={onOpen}
                onToggle={selection.toggle}
              />
            </li>
          );
        }),
      )}
    </ul>
  );
}

/** Focuses a card once it exists: one that was far away is drawn a frame or two later. */
function focusCard(list: React.RefObject<HTMLUListElement | null>, place: number, tries = 5): void {
  const card = list.current?.querySelector<HTMLElement>(`[data-place="${place}"]`);
  if (card) card.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusCard(list, place, tries - 1));
}
