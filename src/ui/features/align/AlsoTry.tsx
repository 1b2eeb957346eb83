import styles from "./AlignSettings.module.css";

interface AlsoTryProps<T extends string> {
  /** What is tried: `other methods`. */
  readonly what: string;
  /** Everything but what is chosen already. */
  readonly options: readonly { readonly value: T; readonly name: string }[];
  readonly chosen: readonly T[];
  readonly onChange: (chosen: readonly T[]) => void;
}

/** Ticks for further values of a setting; each makes a run of its own. Folded until wanted. */
export function AlsoTry<T extends string>({ what, options, chosen, onChange }: AlsoTryProps<T>) {
  const shown = options.filter(({ value }) => chosen.includes(value));
  return (
    <details className={styles.also}>
      <summary>
        Also try {shown.length === 0 ? what : shown.map(({ name }) => name).join(", ")}
      </summary>
      <fieldset className={styles.ticks}>
        <legend className="visually-hidden">Also try {what}</legend>
        {options.map(({ value, name }) => (
          <label key={value}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={(event) =>
                onChange(
                  event.target.checked
                    ? [...chosen, value]
                    : chosen.filter((other) => other !== value),
                )
              }
            />
            {name}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
