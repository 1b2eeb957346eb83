import styles from "./TestSection.module.css";

/** One of the options of a `SelectField`. */
export interface SelectOption {
  readonly id: string;
  readonly name: string;
}

interface SelectFieldProps {
  readonly label: string;
  readonly options: readonly SelectOption[];
  /** Id of the chosen option. */
  readonly value: string | undefined;
  readonly onChange: (id: string) => void;
}

/** A choice of one, with its label above it. */
export function SelectField({ label, options, value = "", onChange }: SelectFieldProps) {
  return (
    <label className={styles.field}>
      {label}
      <select className="field" value={value} onChange={({ target }) => onChange(target.value)}>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
