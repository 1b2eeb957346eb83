import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { formatCount, formatNumberOf } from "../../../components/formatting";
import { SaveCsv } from "../../../components/SaveCsv";
import { SortHeader } from "../../../components/SortHeader";
import {
  sortRows,
  useSortOrder,
  type SortOrder,
  type SortValue,
} from "../../../components/sorting";
import type { ItemCache } from "../../../components/search/itemCache";
import { usePoint } from "./itemWords";
import styles from "./Map.module.css";
import { mapCsv } from "./mapCsv";
import { itemOf, type MapModel } from "./mapModel";
import type { MapSelection } from "./useMapSelection";

const ROW_HEIGHT = 33;

type Column = "item" | "modality" | "split" | "label" | "rank" | "cosine" | "x" | "y";

interface MapTableProps {
  readonly model: MapModel;
  readonly selection: MapSelection;
  readonly cache: ItemCache;
  /** [points, 2] */
  readonly places: ArrayLike<number>;
  /** Label column to show; the first where none is named. */
  readonly column: string | undefined;
}

/** The map as a table: the selected points, or all. */
export function MapTable(props: MapTableProps) {
  const { model, selection, cache, places, column } = props;
  const { order, sortBy } = useSortOrder<Column>({ column: "item", down: false });
  const box = useRef<HTMLDivElement>(null);
  const label = model.labels.find((each) => each.column === column) ?? model.labels[0];
  const points = useMemo(() => {
    const shown =
      selection.points.length > 0
        ? selection.points
        : Array.from({ length: model.points }, (_, i) => i);
    return sortRows(shown, valueOf({ model, places, label }, order.column), order.down);
  }, [model, places, label, selection.points, order]);
  const virtualizer = useVirtualizer({
    count: points.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    initialRect: { width: 800, height: 400 },
    overscan: 8,
  });
  const rows = virtualizer.getVirtualItems();
  const before = rows[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (rows.at(-1)?.end ?? 0);
  const columns = label ? 8 : 7;
  return (
    <>
      <div className={styles.tableHead}>
        <p className={styles.note}>
          {selection.points.length > 0
            ? `${formatNumberOf(points.length, "selected point")} of ${formatCount(model.points)}`
            : formatNumberOf(points.length, "point")}
        </p>
        <SaveTable {...{ model, points, places, cache }} />
      </div>
      <div ref={box} className={styles.tableBox} tabIndex={0} role="region" aria-label="Points">
        <table className={`table ${styles.table}`} aria-rowcount={points.length + 1}>
          <thead>
            <Headers order={order} onSort={sortBy} label={label?.column} />
          </thead>
          <tbody>
            {before > 0 && (
              <tr aria-hidden="true">
                <td colSpan={columns} style={{ height: before, padding: 0 }} />
              </tr>
            )}
            {rows.map(({ index }) => (
              <PointRow
                key={points[index]}
                {...{ model, cache, places, label, selection }}
                point={points[index] ?? 0}
                place={index}
              />
            ))}
            {after > 0 && (
              <tr aria-hidden="true">
                <td colSpan={columns} style={{ height: after, padding: 0 }} />
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface HeadersProps {
  readonly order: SortOrder<Column>;
  readonly onSort: (column: Column, options?: { downFirst?: boolean }) => void;
  readonly label: string | undefined;
}

function Headers({ order, onSort, label }: HeadersProps) {
  const common = { order, onSort };
  return (
    <tr>
      <SortHeader column="item" {...common}>
        Item
      </SortHeader>
      <SortHeader column="modality" {...common}>
        Modality
      </SortHeader>
      <SortHeader column="split" {...common}>
        Split
      </SortHeader>
      {label !== undefined && (
        <SortHeader column="label" {...common}>
          {label}
        </SortHeader>
      )}
      <SortHeader column="rank" isNumber {...common}>
        Rank
      </SortHeader>
      <SortHeader column="cosine" isNumber {...common}>
        Cosine
      </SortHeader>
      <SortHeader column="x" isNumber {...common}>
        Across
      </SortHeader>
      <SortHeader column="y" isNumber {...common}>
        Up
      </SortHeader>
    </tr>
  );
}

type Known = Pick<MapTableProps, "model" | "places"> & {
  readonly label: MapModel["labels"][number] | undefined;
};

interface PointRowProps extends Known {
  readonly cache: ItemCache;
  readonly selection: MapSelection;
  readonly point: number;
  readonly place: number;
}

function PointRow({ model, cache, places, label, selection, point, place }: PointRowProps) {
  const shown = usePoint(cache, model, point);
  const rank = model.ranks?.[point] ?? 0;
  const cosine = model.cosines?.[point] ?? NaN;
  const isSelected = selection.has(point);
  return (
    <tr aria-rowindex={place + 2} style={{ height: ROW_HEIGHT }} data-selected={isSelected}>
      <th scope="row" className={styles.cell}>
        <label className={styles.cellLabel}>
          <input
            type="checkbox"
            checked={isSelected}
            onFocus={() => selection.lookAt(point)}
            onChange={() => selection.toggle(point)}
          />
          <span className={styles.rowWords} dir="auto">
            {shown?.words ?? "…"}
          </span>
        </label>
      </th>
      <td>{itemOf(model, point).modality}</td>
      <td>{model.splitOf(point)}</td>
      {label && <td className={styles.cell}>{model.labelOf(label, point)}</td>}
      <td className="number">{rank > 0 ? formatCount(rank) : ""}</td>
      <td className="number">{Number.isNaN(cosine) ? "" : cosine.toFixed(3)}</td>
      <td className="number">{(places[2 * point] ?? 0).toFixed(2)}</td>
      <td className="number">{(places[2 * point + 1] ?? 0).toFixed(2)}</td>
    </tr>
  );
}

/** Captions are not in memory, so items sort by modality and index, as they were imported. */
function valueOf({ model, places, label }: Known, column: Column): (point: number) => SortValue {
  switch (column) {
    case "item":
      return (point) => point;
    case "modality":
      return (point) => itemOf(model, point).modality;
    case "split":
      return (point) => model.splitOf(point);
    case "label":
      return (point) => (label && model.labelOf(label, point)) || null;
    case "rank":
      return (point) => model.ranks?.[point] || null;
    case "cosine":
      return (point) => model.cosines?.[point] ?? null;
    case "x":
      return (point) => places[2 * point] ?? null;
    case "y":
      return (point) => places[2 * point + 1] ?? null;
  }
}

type SaveTableProps = Pick<MapTableProps, "model" | "places" | "cache"> & {
  readonly points: readonly number[];
};

function SaveTable({ model, points, places, cache }: SaveTableProps) {
  return <SaveCsv name="map.csv" text={() => mapCsv(model, points, { places, cache })} />;
}
