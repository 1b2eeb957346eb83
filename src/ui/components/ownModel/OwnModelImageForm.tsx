import { useState } from "react";
import type { ImagePreprocessing } from "../../../core/domain/encoder";
import { NumberField } from "./NumberField";
import styles from "./OwnModel.module.css";
import { OwnModelPreview } from "./OwnModelPreview";

interface OwnModelImageFormProps {
  readonly value: ImagePreprocessing;
  readonly onChange: (value: ImagePreprocessing) => void;
  /** Whose first picture is shown. */
  readonly projectId: string;
}

/** How pictures become pixels, with what the network sees of one. */
export function OwnModelImageForm({ value, onChange, projectId }: OwnModelImageFormProps) {
  const { resize, ...rest } = value;
  const setFit = (fit: ImagePreprocessing["fit"]) =>
    onChange(fit === "crop" ? { ...rest, fit, resize: resize ?? value.size } : { ...rest, fit });
  return (
    <div className={styles.fields}>
      <OwnModelPreview preprocessing={value} projectId={projectId} />
      <NumberField
        label="Side in pixels"
        value={value.size}
        min={8}
        max={1024}
        onChange={(size) => onChange({ ...value, size })}
      />
      <label>
        Fit
        <select
          className="field"
          value={value.fit}
          onChange={
            ({ currentTarget }) => setFit(currentTarget.value as ImagePreprocessing["fit"]) // the options below
          }
        >
          <option value="crop">cut out the centre</option>
          <option value="squash">squash to a square</option>
          <option value="pad">pad with white</option>
        </select>
      </label>
      {value.fit === "crop" && (
        <NumberField
          label="Shortest edge before the cut"
          value={resize ?? value.size}
          min={value.size}
          max={2048}
          onChange={(edge) => onChange({ ...value, resize: edge })}
        />
      )}
      <label>
        Resampling
        <select
          className="field"
          value={value.resample ?? "bicubic"}
          onChange={({ currentTarget }) =>
            onChange({
              ...value,
              resample: currentTarget.value === "bilinear" ? "bilinear" : "bicubic",
            })
          }
        >
          <option value="bicubic">bicubic</option>
          <option value="bilinear">bilinear</option>
        </select>
      </label>
      <TripleField
        label="Mean of red, green, blue"
        value={value.mean}
        onChange={(mean) => onChange({ ...value, mean })}
      />
      <TripleField
        label="Deviation of red, green, blue"
        value={value.std}
        onChange={(std) => onChange({ ...value, std })}
      />
    </div>
  );
}

type Triple = readonly [number, number, number];

interface TripleFieldProps {
  readonly label: string;
  /** For pixels of 0..255; shown and typed for 0..1, as every model card has it. */
  readonly value: Triple;
  readonly onChange: (value: Triple) => void;
}

function TripleField({ label, value, onChange }: TripleFieldProps) {
  const [text, setText] = useState(() =>
    value.map((each) => Number((each / 255).toFixed(6))).join(" "),
  );
  const isValid = numbersIn(text) !== undefined;
  return (
    <label>
      {label} (of 1)
      <input
        className="field"
        value={text}
        required
        pattern="\s*[\d.]+[\s,;]+[\d.]+[\s,;]+[\d.]+\s*"
        title="Three numbers, for example 0.485 0.456 0.406"
        aria-invalid={!isValid}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          const numbers = numbersIn(currentTarget.value);
          if (numbers) onChange(numbers);
        }}
      />
    </label>
  );
}

function numbersIn(text: string): Triple | undefined {
  const [a, b, c, ...more] = text
    .trim()
    .split(/[\s,;]+/)
    .map((each) => Number(each) * 255);
  const isTriple = more.length === 0 && [a, b, c].every(Number.isFinite);
  return isTriple && a !== undefined && b !== undefined && c !== undefined ? [a, b, c] : undefined;
}
