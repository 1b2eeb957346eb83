import type { ColumnMapping, SplitSpec } from "../../../core/domain/dataset";
import { Term } from "../../components/Term";
import styles from "./ImportSetup.module.css";

interface SplitSettingsProps {
  readonly mapping: ColumnMapping;
  readonly split: SplitSpec;
  readonly onChange: (split: SplitSpec) => void;
}

/** How pairs are divided into training, validation and test. */
export function SplitSettings({ mapping, split, onChange }: SplitSettingsProps) {
  const given = mapping.find(({ role }) => role === "split");
  const invalid = split.validation + split.test >= 1;
  return (
    <fieldset className={styles.split}>
      <legend>Split</legend>
      <label>
        <span>
          <Term explanation="Pairs of one group (captions of one picture, views of one object, one patient) never end up on both sides of a split. Automatic takes the column marked as group, or else the picture.">
            Keep together
          </Term>
        </span>
        <select
          className="field"
          value={split.group}
          onChange={(event) => onChange({ ...split, group: event.target.value })}
        >
          <option value="auto">automatic</option>
          {mapping.map(({ column }) => (
            <option key={column} value={column}>
              {column}
            </option>
          ))}
        </select>
      </label>
      <ShareField
        label="Validation, %"
        value={split.validation}
        invalid={invalid}
        onChange={(validation) => onChange({ ...split, validation })}
      />
      <ShareField
        label="Test, %"
        value={split.test}
        invalid={invalid}
        onChange={(test) => onChange({ ...split, test })}
      />
      <label>
        Seed
        <input
          className="field"
          type="number"
          min={0}
          step={1}
          value={split.seed}
          onChange={(event) => {
            const seed = event.target.valueAsNumber;
            if (Number.isInteger(seed) && seed >= 0) onChange({ ...split, seed });
          }}
        />
      </label>
      {invalid && (
        <p className={`${styles.note} ${styles.missing}`}>
          Validation and test together must leave something to train on.
        </p>
      )}
      {given && (
        <p className={`${styles.note} quiet`}>
          The column “{given.column}” already says which split a pair belongs to; it wins over these
          settings.
        </p>
      )}
    </fieldset>
  );
}

interface ShareFieldProps {
  readonly label: string;
  /** In [0, 1). */
  readonly value: number;
  readonly invalid: boolean;
  readonly onChange: (value: number) => void;
}

function ShareField({ label, value, invalid, onChange }: ShareFieldProps) {
  return (
    <label>
      {label}
      <input
        className="field"
        type="number"
        min={0}
        max={90}
        step={1}
        aria-invalid={invalid}
        value={Math.round(value * 1000) / 10}
        onChange={(event) => {
          const percent = event.target.valueAsNumber;
          if (percent >= 0 && percent <= 90) onChange(percent / 100);
        }}
      />
    </label>
  );
}
