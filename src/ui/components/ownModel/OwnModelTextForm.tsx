import type { TextPreprocessing } from "../../../core/domain/encoder";
import { NumberField } from "./NumberField";
import styles from "./OwnModel.module.css";

interface OwnModelTextFormProps {
  readonly value: TextPreprocessing;
  readonly onChange: (value: TextPreprocessing) => void;
}

/** How captions become token ids. */
export function OwnModelTextForm({ value, onChange }: OwnModelTextFormProps) {
  const { padTo, prefix, ...rest } = value;
  return (
    <div className={styles.fields}>
      <NumberField
        label="Tokens at most"
        value={value.maxTokens}
        min={3}
        max={4096}
        onChange={(maxTokens) => onChange({ ...value, maxTokens })}
      />
      <label>
        Put before every text
        <input
          className="field"
          value={prefix ?? ""}
          maxLength={200}
          placeholder="nothing"
          onChange={({ currentTarget }) => {
            const next = { ...rest, ...(padTo !== undefined && { padTo }) };
            const words = currentTarget.value;
            onChange(words ? { ...next, prefix: words } : next);
          }}
        />
      </label>
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={padTo !== undefined}
          onChange={({ currentTarget }) => {
            const next = { ...rest, ...(prefix !== undefined && { prefix }) };
            onChange(currentTarget.checked ? { ...next, padTo: value.maxTokens } : next);
          }}
        />
        Pad every text to that many tokens (CLIP)
      </label>
    </div>
  );
}
