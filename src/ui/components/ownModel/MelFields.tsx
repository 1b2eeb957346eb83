import type { AudioFeatures } from "../../../core/domain/audioPreprocessing";
import { NumberField } from "./NumberField";
import styles from "./OwnModel.module.css";

type LogMel = Extract<AudioFeatures, { kind: "log-mel" }>;

interface MelFieldsProps {
  readonly value: LogMel;
  /** Samples per second. */
  readonly rate: number;
  readonly onChange: (value: LogMel) => void;
}

/** How a log-mel spectrogram is made. */
export function MelFields({ value, rate, onChange }: MelFieldsProps) {
  const { standardise = true, ...rest } = value;
  const field = (key: "bands" | "windowMs" | "hopMs" | "low" | "high") => ({
    value: value[key],
    onChange: (number: number) => onChange({ ...value, [key]: number }),
  });
  const half = Math.floor(rate / 2);
  return (
    <>
      <NumberField label="Bands" min={1} max={512} {...field("bands")} />
      <NumberField label="Window in ms" min={1} max={500} {...field("windowMs")} />
      <NumberField label="Hop in ms" min={1} max={value.windowMs} {...field("hopMs")} />
      <NumberField label="Lowest frequency in Hz" min={0} max={half - 1} {...field("low")} />
      <NumberField
        label="Highest frequency in Hz"
        min={value.low + 1}
        max={half}
        {...field("high")}
      />
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={standardise}
          onChange={({ currentTarget }) =>
            onChange(currentTarget.checked ? rest : { ...rest, standardise: false })
          }
        />
        Bring each band to mean 0 and variance 1 over the clip
      </label>
    </>
  );
}
