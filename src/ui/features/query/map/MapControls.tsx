import type { LabelFacts } from "../../../../core/domain/jointMap";
import { Choice } from "../../../components/Choice";
import { Term } from "../../../components/Term";
import type { ColourBy } from "./colouring";
import styles from "./Map.module.css";
import type { Arrangement } from "./useMap";
import type { MapTool } from "./useMapGestures";

/** What the visitor has set on the map. */
export interface MapSettings {
  readonly arrangement: Arrangement;
  readonly isCentred: boolean;
  readonly colourBy: ColourBy;
  readonly tool: MapTool;
  /** Pictures and captions where there is room for them. */
  readonly showsItems: boolean;
}

interface MapControlsProps {
  readonly settings: MapSettings;
  readonly labels: readonly LabelFacts[];
  /** Whether the pair doctor has judged the data as they are now. */
  readonly hasMismatch: boolean;
  readonly onChange: (change: Partial<MapSettings>) => void;
}

const ARRANGEMENTS = [
  ["components", "Principal components"],
  ["neighbours", "Neighbours (UMAP)"],
] as const satisfies readonly (readonly [Arrangement, string])[];

const TOOLS = [
  ["move", "Move"],
  ["lasso", "Lasso"],
  ["rectangle", "Rectangle"],
] as const satisfies readonly (readonly [MapTool, string])[];

/** How the map is arranged and coloured, and what dragging does. */
export function MapControls({ settings, labels, hasMismatch, onChange }: MapControlsProps) {
  return (
    <div className={styles.controls}>
      <Choice
        legend="Arranged by"
        hasLegend
        options={ARRANGEMENTS}
        value={settings.arrangement}
        onChange={(arrangement) => onChange({ arrangement })}
      />
      <label className={styles.labelled}>
        <span className="quiet">Colour by</span>
        <select
          className="field"
          value={settings.colourBy}
          // Every option below is one.
          onChange={(event) => onChange({ colourBy: event.target.value as ColourBy })}
        >
          <option value="modality">Modality</option>
          <option value="split">Split</option>
          {labels.map(({ column }) => (
            <option key={column} value={`label:${column}`}>
              {column}
            </option>
          ))}
          <option value="rank">Rank of the true partner</option>
          <option value="cosine">Cosine with its partner</option>
          {hasMismatch && <option value="mismatch">Mismatch found by the doctor</option>}
        </select>
      </label>
      <Choice
        legend="Drag to"
        hasLegend
        options={TOOLS}
        value={settings.tool}
        onChange={(tool) => onChange({ tool })}
      />
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={settings.isCentred}
          onChange={(event) => onChange({ isCentred: event.target.checked })}
        />
        <Term explanation="Subtracts from each side its mean, then makes the vectors unit length again. Without it the first direction is often the gap between images and texts.">
          Centre each side
        </Term>
      </label>
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={settings.showsItems}
          onChange={(event) => onChange({ showsItems: event.target.checked })}
        />
        Pictures and captions
      </label>
    </div>
  );
}
