import { useState } from "react";
import type { Draft } from "../../../app/drafts";
import { FORMAT_IDS, formatById, type ImportSettings } from "../../../core/domain/importFormat";
import { WindowSettings } from "./WindowSettings";
import styles from "./ImportSetup.module.css";

interface FormatSettingsProps {
  readonly draft: Draft;
  readonly disabled: boolean;
  /** Reads the files again in another way. */
  readonly onOverrule: (change: Partial<ImportSettings>) => void;
  /** Changes what only the import itself needs. */
  readonly onSettings: (settings: ImportSettings) => void;
}

/** What the files were recognised as, and the ways to overrule it. */
export function FormatSettings({ draft, disabled, onOverrule, onSettings }: FormatSettingsProps) {
  const { inspection, settings } = draft;
  const { format, candidates, media } = inspection;
  const fitting = candidates.map(({ id }) => id);
  const others = FORMAT_IDS.filter((id) => !fitting.includes(id));
  const option = (id: (typeof FORMAT_IDS)[number]) => (
    <option key={id} value={id}>
      {formatById(id).name}
    </option>
  );
  return (
    <div className={styles.split}>
      <label>
        Read as
        <select
          className="field"
          value={format}
          disabled={disabled}
          onChange={(event) => {
            const chosen = FORMAT_IDS.find((id) => id === event.target.value);
            if (chosen) onOverrule({ format: chosen });
          }}
        >
          <optgroup label="Fits these files">{fitting.map(option)}</optgroup>
          <optgroup label="All others">{others.map(option)}</optgroup>
        </select>
      </label>
      {format === "class-folders" && (
        <ClassTemplate
          key={settings.classTemplate}
          value={settings.classTemplate}
          disabled={disabled}
          onChange={(classTemplate) => onOverrule({ classTemplate })}
        />
      )}
      {media === "image" && (
        <label>
          Pictures
          <select
            className="field"
            value={String(settings.thumbnails)}
            disabled={disabled}
            onChange={(event) =>
              onSettings({ ...settings, thumbnails: thumbnailsOf(event.target.value) })
            }
          >
            <option value="auto">decode each once, up to 20,000</option>
            <option value="true">decode each once</option>
            <option value="false">read headers only</option>
          </select>
        </label>
      )}
      {media === "sensor" && (
        <WindowSettings
          inspection={inspection}
          settings={settings.sensor ?? {}}
          disabled={disabled}
          onChange={(sensor) => onOverrule({ sensor })}
        />
      )}
      <p className={`${styles.note} quiet`}>{formatById(format).needs}</p>
      {media === "image" && <p className={`${styles.note} quiet`}>{costOf(settings.thumbnails)}</p>}
    </div>
  );
}

interface ClassTemplateProps {
  readonly value: string;
  readonly disabled: boolean;
  readonly onChange: (template: string) => void;
}

/** The caption of a class; read again when the field is left, not at every key. */
function ClassTemplate({ value, disabled, onChange }: ClassTemplateProps) {
  const [text, setText] = useState(value);
  const isValid = text.includes("{class}");
  const commit = () => isValid && text !== value && onChange(text);
  return (
    <label>
      Caption of a class
      <input
        className={`field ${styles.wide}`}
        value={text}
        disabled={disabled}
        aria-invalid={!isValid}
        aria-describedby={isValid ? undefined : "class-template-fault"}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
      {!isValid && (
        <span id="class-template-fault" className={styles.missing}>
          Write {"{class}"} where the folder’s name goes.
        </span>
      )}
    </label>
  );
}

function thumbnailsOf(value: string): ImportSettings["thumbnails"] {
  return value === "auto" ? "auto" : value === "true";
}

function costOf(thumbnails: ImportSettings["thumbnails"]): string {
  switch (thumbnails) {
    case false:
      return "Fastest: broken pictures come up when they are encoded, the grid draws originals, and near-duplicates are not looked for.";
    case true:
      return "Proves every picture whole, makes small pictures for the grid and finds near-duplicates; takes several milliseconds each.";
    case "auto":
      return "Proves every picture whole, makes small pictures for the grid and finds near-duplicates; above 20,000 files only headers are read.";
  }
}
