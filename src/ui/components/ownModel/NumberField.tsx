interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

/** A whole number; what is not one is refused by the browser when the form is sent. */
export function NumberField({ label, value, min, max, onChange }: NumberFieldProps) {
  return (
    <label>
      {label}
      <input
        className="field"
        type="number"
        required
        // A bound that follows from an empty field is none.
        min={Number.isNaN(min) ? undefined : min}
        max={Number.isNaN(max) ? undefined : max}
        value={Number.isNaN(value) ? "" : value}
        onChange={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
      />
    </label>
  );
}
