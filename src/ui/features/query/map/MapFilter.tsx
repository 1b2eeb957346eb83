import { useState } from "react";
import { SPLITS } from "../../../../core/domain/dataset";
import { formatNumberOf } from "../../../components/formatting";
import styles from "./Map.module.css";
import { hasConditions, NO_CONDITIONS, pointsWith, type MapConditions } from "./conditions";
import type { MapModel } from "./mapModel";

interface MapFilterProps {
  readonly model: MapModel;
  readonly onSelect: (points: readonly number[]) => void;
}

/** Selects points by what is known of them: the way without drawing. */
export function MapFilter({ model, onSelect }: MapFilterProps) {
  const [conditions, setConditions] = useState(NO_CONDITIONS);
  const change = (next: Partial<MapConditions>) => setConditions({ ...conditions, ...next });
  const found = hasConditions(conditions) ? pointsWith(model, conditions) : [];
  const column = model.labels.find((label) => label.column === conditions.column);
  return (
    <details className={styles.section}>
      <summary>Select by form</summary>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onSelect(found);
        }}
      >
        <Field
          name="Modality"
          value={conditions.modality}
          options={["image", "text"]}
          onChange={(modality) => change({ modality: modality as MapConditions["modality"] })}
        />
        <Field
          name="Split"
          value={conditions.split}
          options={SPLITS}
          onChange={(split) => change({ split: split as MapConditions["split"] })}
        />
        {model.tags.length > 0 && (
          <Field
            name="Tag"
            value={conditions.tag}
            options={model.tags}
            onChange={(tag) => change({ tag })}
          />
        )}
        {model.labels.length > 0 && (
          <Field
            name="Label"
            value={conditions.column}
            options={model.labels.map((label) => label.column)}
            onChange={(name) => change({ column: name, value: "" })}
          />
        )}
        {column && (
          <Field
            name={column.column}
            value={conditions.value}
            options={column.values}
            onChange={(value) => change({ value })}
          />
        )}
        {model.ranks && (
          <label className={styles.formRow}>
            <span>Rank at least</span>
            <input
              className="field"
              type="number"
              min={1}
              value={conditions.worstRank ?? ""}
              placeholder="any"
              onChange={(event) =>
                change({ worstRank: event.target.value === "" ? null : Number(event.target.value) })
              }
            />
          </label>
        )}
        <button type="submit" className="button" disabled={found.length === 0}>
          Select {formatNumberOf(found.length, "point")}
        </button>
      </form>
    </details>
  );
}

interface FieldProps {
  readonly name: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChange: (value: string) => void;
}

function Field({ name, value, options, onChange }: FieldProps) {
  return (
    <label className={styles.formRow}>
      <span>{name}</span>
      <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">any</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
