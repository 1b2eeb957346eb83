import type { InputShape } from "../../../core/audio/inputAxes";
import { fixedRate, refitted, usualHighest } from "../../../core/audio/inputGuess";
import type { AudioPreprocessing } from "../../../core/domain/audioPreprocessing";
import { AudioLayoutFields } from "./AudioLayoutFields";
import { AudioLengthFields } from "./AudioLengthFields";
import { HeardStrip } from "./HeardStrip";
import { MelFields } from "./MelFields";
import { NumberField } from "./NumberField";
import styles from "./OwnModel.module.css";
import type { SoundSample } from "./useSoundSample";

interface OwnModelSoundFormProps {
  readonly value: AudioPreprocessing;
  readonly onChange: (value: AudioPreprocessing) => void;
  /** Of the network's input, batch first. */
  readonly shape: InputShape;
  readonly sample: SoundSample;
}

/** How recordings become features, with what the network hears of one. */
export function OwnModelSoundForm({ value, onChange, shape, sample }: OwnModelSoundFormProps) {
  const { features, sampleRate } = value;
  const change = (next: AudioPreprocessing) => onChange(refitted(next, shape));
  const setRate = (rate: number) => {
    // NaN while the field is empty, and equal to itself here.
    const isUsual =
      features.kind === "log-mel" && Object.is(features.high, usualHighest(sampleRate));
    const next = isUsual ? { ...features, high: usualHighest(rate) } : features;
    change({ ...value, sampleRate: rate, features: next });
  };
  return (
    <div className={styles.fields}>
      <HeardStrip preprocessing={value} shape={shape} sample={sample} />
      <AudioLayoutFields value={value} onChange={change} shape={shape} />
      {fixedRate(features) === undefined && (
        <NumberField
          label="Sample rate in Hz"
          value={sampleRate}
          min={2000}
          max={192_000}
          onChange={setRate}
        />
      )}
      {features.kind === "log-mel" && (
        <MelFields
          value={features}
          rate={sampleRate}
          onChange={(next) => change({ ...value, features: next })}
        />
      )}
      <AudioLengthFields value={value} onChange={change} shape={shape} />
    </div>
  );
}
