import { useId } from "react";
import styles from "./Choice.module.css";

interface ChoiceProps<Value extends string> {
  readonly legend: string;
  /** Shown before the options; else for screen readers alone. */
  readonly hasLegend?: boolean;
  /** Value and words. */
  readonly options: readonly (readonly [Value, string])[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One of a few options in a row, the chosen one underlined; arrow keys walk as in all radios. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { legend, hasLegend = false, options, value, onChange } = props;
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend className={hasLegend ? "quiet" : "visually-hidden"}>{legend}</legend>
      {options.map(([id, words]) => (
        <label key={id}>
          <input
            type="radio"
            name={name}
            className="visually-hidden"
            checked={value === id}
            onChange={() => onChange(id)}
          />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
