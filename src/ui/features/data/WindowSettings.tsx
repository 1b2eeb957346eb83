import { useState } from "react";
import type { Inspection } from "../../../core/domain/dataset";
import type { SensorSettings } from "../../../core/domain/importFormat";
import { WINDOW_READINGS_MIN } from "../../../core/domain/sensor";
import styles from "./ImportSetup.module.css";

interface WindowSettingsProps {
  readonly inspection: Inspection;
  readonly settings: SensorSettings;
  readonly disabled: boolean;
  /** Reads the files again in another way. */
  readonly onChange: (settings: SensorSettings) => void;
}

/** How windows are cut out of recordings, or which side of an array is channels. */
export function WindowSettings({ inspection, settings, disabled, onChange }: WindowSettingsProps) {
  const { sensor, format } = inspection;
  const cut = sensor?.cut;
  if (!cut) {
    return (
      <label>
        Arrays hold
        <select
          className="field"
          value={settings.axis ?? "auto"}
          disabled={disabled}
          onChange={(event) => onChange({ ...settings, axis: axisOf(event.target.value) })}
        >
          <option value="auto">channels on the shorter side</option>
          <option value="channels-first">channels first, then time</option>
          <option value="time-first">time first, then channels</option>
        </select>
      </label>
    );
  }
  const seconds = (readings: number) =>
    sensor.rateHz === undefined ? "" : `${Number((readings / sensor.rateHz).toPrecision(3))} s`;
  return (
    <>
      <ReadingsField
        key={`readings ${cut.readings}`}
        label="Readings per window"
        value={cut.readings}
        least={WINDOW_READINGS_MIN}
        note={seconds(cut.readings)}
        disabled={disabled}
        onChange={(readings) => onChange({ ...settings, readings })}
      />
      {format === "sensor-recording" && (
        <ReadingsField
          key={`hop ${cut.hop}`}
          label="Readings to the next"
          value={cut.hop}
          least={1}
          note={seconds(cut.hop)}
          disabled={disabled}
          onChange={(hop) => onChange({ ...settings, hop })}
        />
      )}
    </>
  );
}

interface ReadingsFieldProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  /** The same in seconds, or nothing. */
  readonly note: string;
  readonly disabled: boolean;
  readonly onChange: (value: number) => void;
}

/** A number of readings; the files are read again when the field is left, not at every key. */
function ReadingsField({ label, value, least, note, disabled, onChange }: ReadingsFieldProps) {
  const [text, setText] = useState(String(value));
  const number = Number(text);
  const isValid = Number.isInteger(number) && number >= least;
  const commit = () => isValid && number !== value && onChange(number);
  return (
    <label>
      {label}
      {isValid && note !== "" && <span className="quiet">{note}</span>}
      {!isValid && <span className={styles.missing}>{least} or more</span>}
      <input
        type="number"
        className="field"
        min={least}
        value={text}
        disabled={disabled}
        aria-invalid={!isValid}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
    </label>
  );
}

function axisOf(value: string): NonNullable<SensorSettings["axis"]> {
  if (value === "channels-first" || value === "time-first") return value;
  return "auto";
}
