import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { BlobImage } from "../../../components/BlobImage";
import { useProject } from "../../../components/projectContext";
import type { ItemCache } from "../../../components/search/itemCache";
import { usePoint } from "./itemWords";
import styles from "./Map.module.css";
import { itemOf, type MapModel } from "./mapModel";
import type { MapSelection } from "./useMapSelection";

const ROW_HEIGHT = 52;
const PICTURE = 40;

interface MapListProps {
  readonly model: MapModel;
  readonly selection: MapSelection;
  readonly cache: ItemCache;
}

/** The selected points as a list; the arrow keys go through it, and the map shows which it is. */
export function MapList({ model, selection, cache }: MapListProps) {
  const { points, focus, lookAt, toggle } = selection;
  const box = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: points.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    initialRect: { width: 320, height: 320 },
    overscan: 4,
  });
  const rows = virtualizer.getVirtualItems();
  const at = Math.max(0, points.indexOf(focus));
  // The row in the tab order must be one that exists: that far away does not.
  const tabStop = Math.min(Math.max(at, rows[0]?.index ?? 0), rows.at(-1)?.index ?? 0);
  const goTo = (place: number) => {
    const next = points[Math.min(points.length - 1, Math.max(0, place))];
    if (next === undefined) return;
    lookAt(next);
    virtualizer.scrollToIndex(points.indexOf(next));
    focusRow(box, next);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const places: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: points.length - 1,
    };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    goTo(place);
  };
  return (
    <div ref={box} className={styles.list}>
      <ul
        className={styles.rows}
        aria-label="Selected points"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {rows.map(({ index, start }) => {
          const point = points[index] ?? 0;
          return (
            <li
              key={point}
              className={styles.row}
              aria-setsize={points.length}
              aria-posinset={index + 1}
              style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
            >
              <MapRow
                {...{ model, cache, point }}
                isFocused={point === focus}
                isTabStop={index === tabStop}
                onLook={() => lookAt(point)}
                onLeave={() => toggle(point)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface MapRowProps {
  readonly model: MapModel;
  readonly cache: ItemCache;
  readonly point: number;
  readonly isFocused: boolean;
  readonly isTabStop: boolean;
  readonly onLook: () => void;
  readonly onLeave: () => void;
}

function MapRow({ model, cache, point, isFocused, isTabStop, onLook, onLeave }: MapRowProps) {
  const { project } = useProject();
  const shown = usePoint(cache, model, point);
  const { modality } = itemOf(model, point);
  const rank = model.ranks?.[point] ?? 0;
  const facts = [modality, model.splitOf(point), rank > 0 && `rank ${rank}`].filter(Boolean);
  return (
    <>
      {modality === "image" && shown?.item ? (
        <BlobImage projectId={project.id} digest={shown.item.digest} alt="" size={PICTURE} />
      ) : (
        <span className={styles.noPicture} />
      )}
      <button
        type="button"
        className={styles.rowButton}
        data-point={point}
        data-focused={isFocused}
        tabIndex={isTabStop ? 0 : -1}
        onFocus={onLook}
        onPointerEnter={onLook}
        onClick={onLook}
      >
        <span className={styles.rowWords} dir="auto">
          {shown?.words ?? "…"}
        </span>
        <span className="footnote">{facts.join(" · ")}</span>
      </button>
      <button
        type="button"
        className={styles.leave}
        tabIndex={isTabStop ? 0 : -1}
        onClick={onLeave}
        title="Leave it out of the selection"
      >
        <span aria-hidden="true">×</span>
        <span className="visually-hidden">Leave “{shown?.words ?? ""}” out of the selection</span>
      </button>
    </>
  );
}

/** Focuses a row once it exists: one that was far away is drawn a frame or two later. */
function focusRow(box: React.RefObject<HTMLElement | null>, point: number, tries = 5): void {
  const row = box.current?.querySelector<HTMLElement>(`[data-point="${point}"]`);
  if (row) row.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(box, point, tries - 1));
}
