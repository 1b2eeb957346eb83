import styles from "./NameSelect.module.css";

interface NameSelectProps {
  /** What is chosen: `Run`. */
  readonly label: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  /** Id of the chosen one. */
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** One of several things of the visitor's, by name; a long name makes no page wider. */
export function NameSelect({ label, options, value, onChange }: NameSelectProps) {
  return (
    <label className={styles.choice}>
      <span className="quiet">{label}</span>
      <select className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
