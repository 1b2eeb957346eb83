import styles from "./SelectField.module.css";

/** One of the options of a `SelectField`. */
export interface SelectOption {
  readonly id: string;
  readonly name: string;
}

interface SelectFieldProps {
  /** What is chosen: `Run`. */
  readonly label: string;
  readonly options: readonly SelectOption[];
  /** Id of the chosen option. */
  readonly value: string | undefined;
  readonly onChange: (id: string) => void;
  /** Where the label stands; above if not told. */
  readonly labelled?: "above" | "beside";
}

/** A choice of one, by name; a long name makes no page wider. */
export function SelectField(props: SelectFieldProps) {
  const { label, options, value = "", onChange, labelled = "above" } = props;
  return (
    <label className={styles[labelled]}>
      <span className={labelled === "beside" ? "quiet" : undefined}>{label}</span>
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
