import { formatCount, formatNumberOf } from "../../../components/formatting";
import type { ItemCache } from "../../../components/search/itemCache";
import type { Colouring } from "./colouring";
import { ColourKey } from "./ColourKey";
import styles from "./Map.module.css";
import { MapActions } from "./MapActions";
import { MapFilter } from "./MapFilter";
import { MapList } from "./MapList";
import type { MapModel } from "./mapModel";
import { pairsOfSelection, type MapSelection } from "./useMapSelection";

interface MapSideProps {
  readonly model: MapModel;
  readonly colouring: Colouring;
  readonly selection: MapSelection;
  readonly cache: ItemCache;
}

/** Beside the map: its colours, a form to select by, what is selected and what can be done with it. */
export function MapSide({ model, colouring, selection, cache }: MapSideProps) {
  const pairs = pairsOfSelection(model, selection.points);
  const count = selection.points.length;
  return (
    <aside className={styles.side} aria-label="Colours and selection">
      <ColourKey colouring={colouring} onSelect={selection.choose} />
      <MapFilter model={model} onSelect={selection.choose} />
      <section aria-label="Selection" className={styles.section}>
        <div className={styles.sectionHead}>
          <h2 className={styles.heading}>
            <span role="status">
              {count === 0
                ? "Nothing selected"
                : `${formatNumberOf(count, "point")} · ${formatNumberOf(pairs.length, "pair")}`}
            </span>
          </h2>
          {count > 0 && (
            <button type="button" className="button quiet" onClick={selection.clear}>
              Select nothing
            </button>
          )}
        </div>
        {count === 0 ? (
          <p className={styles.note}>
            Click a point, draw a lasso, or select by form. Shift adds to what is selected;{" "}
            {formatCount(model.points)} points are in the table below.
          </p>
        ) : (
          <MapList model={model} selection={selection} cache={cache} />
        )}
        <MapActions model={model} pairs={pairs} />
      </section>
    </aside>
  );
}
