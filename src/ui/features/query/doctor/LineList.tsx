import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { Pair } from "../../../../core/domain/dataset";
import { flaggedCount, rankedPair, type Diagnosis } from "../../../../core/domain/diagnosis";
import { usePagePlace } from "../../../components/usePagePlace";
import type { ItemCache } from "../../../components/search/itemCache";
import styles from "./Doctor.module.css";
import { LineRow } from "./LineRow";
import type { Lines } from "./useLines";

interface LineListProps {
  readonly diagnosis: Diagnosis;
  readonly pairs: readonly Pair[];
  readonly items: ItemCache;
  readonly lines: Lines;
  readonly canEdit: boolean;
}

const ROW_HEIGHT = 76; // as .row in Doctor.module.css

/** Pairs from the worst on, of which only those near the window exist. Arrows go up and down. */
export function LineList({ diagnosis, pairs, items, lines, canEdit }: LineListProps) {
  const list = useRef<HTMLOListElement>(null);
  const { top } = usePagePlace(list);
  const virtualizer = useWindowVirtualizer({
    count: lines.lines.length,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    scrollMargin: top,
  });
  const { opened } = lines;
  const flagged = flaggedCount(diagnosis);
  const openedAt = opened === null ? -1 : lines.lines.indexOf(opened);
  useEffect(() => {
    if (openedAt < 0) return;
    virtualizer.scrollToIndex(openedAt, { align: "auto" });
    // Keys pressed in the list move the focus with the opened line; those in the sheet leave it there.
    if (list.current?.contains(document.activeElement)) focusLine(list.current, opened);
  }, [openedAt, opened, virtualizer]);
  const drawn = virtualizer.getVirtualItems();
  const tabStop = openedAt >= 0 ? openedAt : 0;
  return (
    <ol
      ref={list}
      className={styles.list}
      aria-label="Pairs, worst first"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {drawn.map(({ index, start }) => {
        const place = lines.lines[index];
        if (place === undefined) return null;
        const line = rankedPair(diagnosis.ranking, place);
        return (
          <li
            key={place}
            className={styles.row}
            data-opened={lines.opened === place}
            aria-posinset={index + 1}
            aria-setsize={lines.lines.length}
            style={{ transform: `translateY(${start - top}px)` }}
          >
            <LineRow
              {...{ line, place, items, canEdit }}
              pair={pairs[line.pair]}
              isFlagged={place < flagged}
              isOpened={lines.opened === place}
              isTabStop={index === tabStop}
              isSelected={lines.selected.has(place)}
              onOpen={() => lines.open(lines.opened === place ? null : place)}
              onToggle={() => lines.toggle(place)}
            />
          </li>
        );
      })}
    </ol>
  );
}

/** Focuses a line once it exists: one that was far away is drawn a frame or two later. */
function focusLine(list: HTMLElement, place: number | null, tries = 5): void {
  const button = list.querySelector<HTMLElement>(`[data-place="${place}"]`);
  if (button) button.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusLine(list, place, tries - 1));
}
