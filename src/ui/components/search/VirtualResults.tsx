import { defaultRangeExtractor, useWindowVirtualizer, type Range } from "@tanstack/react-virtual";
import {
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from "react";
import { usePagePlace } from "../usePagePlace";
import { placeBeside, rowOf, type Row } from "./justifyRows";
import styles from "./Results.module.css";
import type { Hit } from "./shownItems";

/** How a result is placed and which it is. */
export interface Placed<H extends Hit = Hit> {
  readonly hit: H;
  readonly place: number;
  readonly width: number;
  /** Of the picture, or of the row of a caption. */
  readonly height: number;
  /** Whether Tab leads here. */
  readonly isTabStop: boolean;
}

interface VirtualResultsProps<H extends Hit> {
  /** Of the list, for those who hear it. */
  readonly label: string;
  readonly hits: readonly H[];
  /** Names an item where its index alone does not; the same function always. */
  readonly keyOf?: (hit: H) => Key;
  readonly layout: (width: number) => readonly Row[];
  /** Between neighbours. */
  readonly gap: number;
  /** Height under each row's pictures. */
  readonly footer: number;
  /** Whether results move while one looks: a training goes on. */
  readonly isLive: boolean;
  readonly onFocusHit: (hit: H) => void;
  readonly onKey: (event: React.KeyboardEvent, hit: H) => void;
  readonly children: (placed: Placed<H>) => ReactNode;
}

type Key = string | number;

const indexOf = ({ item }: Hit): Key => item;

/**
 * Results in rank order, of which only those near the window exist. One of them is the tab stop;
 * arrows, Home and End move it. A result that changes its rank keeps its element, and so its picture
 * and the focus.
 */
export function VirtualResults<H extends Hit>(props: VirtualResultsProps<H>) {
  const { label, hits, keyOf = indexOf, layout, gap, footer, isLive, children } = props;
  const list = useRef<HTMLOListElement>(null);
  const { width, top } = usePagePlace(list);
  const rows = useMemo(() => layout(width), [layout, width]);
  const focus = useFocusedHit(list, hits, keyOf);
  const focusedRow = rowOf(rows, focus.place);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (i) => (rows[i]?.height ?? 0) + footer + gap,
    // A function of its own per layout: another one makes the sizes be read again.
    getItemKey: useCallback((i: number) => rows[i]?.first ?? i, [rows]),
    rangeExtractor: useCallback(
      (range: Range) => withRow(defaultRangeExtractor(range), focusedRow, range.count),
      [focusedRow],
    ),
    overscan: 3,
    scrollMargin: top,
  });
  const onKeyDown = (event: React.KeyboardEvent) => {
    const place = placeOf(event.target) ?? focus.place;
    const hit = hits[place];
    const next = nextPlace(event, rows, place, gap);
    if (next !== undefined && next >= 0 && next < hits.length) {
      virtualizer.scrollToIndex(rowOf(rows, next));
      focus.move(next);
      event.preventDefault();
    } else if (hit) props.onKey(event, hit);
  };
  const drawn = virtualizer.getVirtualItems();
  return (
    <ol
      ref={list}
      className={styles.results}
      data-live={isLive}
      aria-label={label}
      style={{ height: virtualizer.getTotalSize() }}
      onKeyDown={onKeyDown}
      onFocus={focus.onFocus}
      onBlur={focus.onBlur}
    >
      {placedOf(drawn, rows, gap).map(({ place, left, start, itemWidth, height }) => {
        const hit = hits[place];
        if (!hit) return null;
        return (
          <li
            key={keyOf(hit)}
            className={styles.result}
            data-place={place}
            data-item={keyOf(hit)}
            aria-posinset={place + 1}
            aria-setsize={hits.length}
            style={{ width: itemWidth, transform: `translate(${left}px, ${start - top}px)` }}
            onFocus={() => {
              focus.set(keyOf(hit));
              props.onFocusHit(hit);
            }}
          >
            {children({
              ...{ hit, place, width: itemWidth, height },
              isTabStop: place === focus.place,
            })}
          </li>
        );
      })}
    </ol>
  );
}

/** Which result has, or last had, the focus; it follows the item when its rank changes. */
function useFocusedHit<H extends Hit>(
  list: RefObject<HTMLOListElement | null>,
  hits: readonly H[],
  keyOf: (hit: H) => Key,
) {
  const [key, set] = useState<Key | null>(null);
  const lastPlace = useRef(0);
  const found = key === null ? 0 : hits.findIndex((hit) => keyOf(hit) === key);
  const place = found >= 0 ? found : Math.min(lastPlace.current, Math.max(0, hits.length - 1));
  const isInside = useRef(false);
  useLayoutEffect(() => {
    lastPlace.current = place;
    // The focused item is no longer among the results: the focus stays at its place. (React gives
    // the focus back to an element that moved, and speaks of no blur while it draws.)
    if (isInside.current && document.activeElement === document.body) focusPlace(list, place);
  });
  return {
    place,
    set,
    onFocus: () => {
      isInside.current = true;
    },
    onBlur: ({ relatedTarget }: React.FocusEvent) => {
      isInside.current = list.current?.contains(relatedTarget) ?? false;
    },
    move: (next: number) => {
      const hit = hits[next];
      set(hit ? keyOf(hit) : null);
      focusPlace(list, next);
    },
  };
}

/** Focuses a result once it exists: one that was far away is drawn a few frames later. */
function focusPlace(list: RefObject<HTMLElement | null>, place: number, tries = 30): void {
  const button = list.current?.querySelector<HTMLElement>(`[data-place="${place}"] button`);
  if (button) button.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusPlace(list, place, tries - 1));
}

function placeOf(target: EventTarget): number | undefined {
  const result = target instanceof Element ? target.closest<HTMLElement>("[data-place]") : null;
  return result ? Number(result.dataset["place"]) : undefined;
}

function nextPlace(event: React.KeyboardEvent, rows: readonly Row[], place: number, gap: number) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return undefined;
  switch (event.key) {
    case "ArrowLeft":
      return place - 1;
    case "ArrowRight":
      return place + 1;
    case "ArrowUp":
      return placeBeside(rows, place, { by: -1, gap });
    case "ArrowDown":
      return placeBeside(rows, place, { by: 1, gap });
    case "Home":
      return 0;
    case "End":
      return (rows.at(-1)?.first ?? 0) + (rows.at(-1)?.widths.length ?? 1) - 1;
    default:
      return undefined;
  }
}

function withRow(drawn: readonly number[], row: number, count: number): number[] {
  if (row >= count || drawn.includes(row)) return [...drawn];
  return [...drawn, row].sort((a, b) => a - b);
}

function placedOf(
  drawn: readonly { readonly index: number; readonly start: number }[],
  rows: readonly Row[],
  gap: number,
) {
  return drawn.flatMap(({ index, start }) => {
    const row = rows[index];
    let left = 0;
    return (row?.widths ?? []).map((itemWidth, i) => {
      const placed = { place: (row?.first ?? 0) + i, left, start, itemWidth };
      left += itemWidth + gap;
      return { ...placed, height: row?.height ?? 0 };
    });
  });
}
