import { useState, type KeyboardEvent } from "react";
import type { SearchPageItem } from "../core/domain/searchPage";
import type { Pictures } from "./pictures";
import styles from "./PictureGrid.module.css";
import { Thumbnail } from "./Thumbnail";

/** One picture on the page; rank and score where it answers a query. */
export interface ShownItem {
  readonly item: SearchPageItem;
  readonly index: number;
  /** 1 = best. */
  readonly rank?: number;
  readonly score?: number;
}

interface PictureGridProps {
  readonly shown: readonly ShownItem[];
  readonly pictures: Pictures;
  /** What shows answers an earlier query. */
  readonly isStale: boolean;
  readonly onOpen: (item: ShownItem) => void;
}

const ROW_HEIGHT = 132; // at least; rows grow until they fill their width
const RATIOS = [0.6, 2.5] as const; // wider or taller would leave no room for its neighbours

/** Pictures in rows of one height, walked with the arrow keys; Enter enlarges one. */
export function PictureGrid({ shown, pictures, isStale, onOpen }: PictureGridProps) {
  const [current, setCurrent] = useState(0);
  const reachable = Math.min(current, shown.length - 1);
  return (
    <ol
      className={styles.grid}
      aria-label="Pictures"
      aria-busy={isStale}
      onKeyDown={walk}
      onFocus={(event) => setCurrent(placeOf(event.target))}
    >
      {shown.map((each, place) => (
        <li key={each.index} style={basisOf(each.item)}>
          <button
            type="button"
            className={styles.tile}
            tabIndex={place === reachable ? 0 : -1}
            data-place={place}
            aria-label={nameOf(each)}
            onClick={() => onOpen(each)}
          >
            <Thumbnail
              item={each.item}
              pictures={pictures}
              style={{ aspectRatio: ratioOf(each.item) }}
            />
            <span className={styles.facts}>
              {each.rank !== undefined && <span>{each.rank}</span>}
              {each.score !== undefined && <span className="quiet">{each.score.toFixed(3)}</span>}
            </span>
            <span className={styles.caption} dir="auto">
              {each.item.captions[0] ?? "no caption"}
            </span>
          </button>
        </li>
      ))}
      <li className={styles.rest} aria-hidden="true" />
    </ol>
  );
}

function nameOf({ item, rank, score }: ShownItem): string {
  const caption = item.captions[0] ?? "no caption";
  return rank === undefined ? caption : `${rank}. ${caption}, score ${score?.toFixed(3)}`;
}

/** Widths of a row's tiles grow as their pictures are wide, so its pictures are of one height. */
function basisOf(item: SearchPageItem) {
  const ratio = ratioOf(item);
  return { flexGrow: ratio, flexBasis: ratio * ROW_HEIGHT };
}

function ratioOf({ width = 1, height = 1 }: SearchPageItem): number {
  const [low, high] = RATIOS;
  return Math.min(high, Math.max(low, width / height || 1));
}

const placeOf = (target: EventTarget) =>
  target instanceof HTMLElement ? Number(target.dataset["place"] ?? 0) : 0;

/** Left and right along the ranks; up and down to the nearest tile of the row above or below. */
function walk(event: KeyboardEvent<HTMLOListElement>): void {
  const tiles = [...event.currentTarget.querySelectorAll("button")];
  const from = tiles[placeOf(event.target)];
  if (!from) return;
  const next = targetOf(event.key, tiles, from);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function targetOf(key: string, tiles: readonly HTMLElement[], from: HTMLElement) {
  const place = tiles.indexOf(from);
  if (key === "ArrowRight") return tiles[place + 1];
  if (key === "ArrowLeft") return tiles[place - 1];
  if (key === "Home") return tiles[0];
  if (key === "End") return tiles.at(-1);
  if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
  const { top, left, width } = from.getBoundingClientRect();
  const centre = left + width / 2;
  const boxes = tiles.map((tile) => ({ tile, box: tile.getBoundingClientRect() }));
  const beyond = boxes.filter(({ box }) => (key === "ArrowDown" ? box.top > top : box.top < top));
  const tops = beyond.map(({ box }) => box.top);
  const row = key === "ArrowDown" ? Math.min(...tops) : Math.max(...tops);
  const distance = ({ box }: (typeof boxes)[number]) => Math.abs(box.left + box.width / 2 - centre);
  return beyond
    .filter(({ box }) => box.top === row)
    .sort((a, b) => distance(a) - distance(b))
    .at(0)?.tile;
}
