import { featureSizes, isWaveform, type InputShape } from "../../../core/audio/inputAxes";
import { hasFixedLength } from "../../../core/audio/inputGuess";
import { LONGEST_WAVEFORM } from "../../../core/audio/waveformFeatures";
import type { AudioPreprocessing, ClipLength } from "../../../core/domain/audioPreprocessing";
import { NumberField } from "./NumberField";

interface AudioLengthFieldsProps {
  readonly value: AudioPreprocessing;
  readonly onChange: (value: AudioPreprocessing) => void;
  readonly shape: InputShape;
}

const START_SECONDS = 5;
const LONGEST_MS = 60_000;

/** Whether all clips are brought to one length, and how; nothing where the features do that. */
export function AudioLengthFields({ value, onChange, shape }: AudioLengthFieldsProps) {
  const { length, ...rest } = value;
  const { features, sampleRate } = value;
  if (featureSizes(features).time !== undefined) return null;
  const isFixed = hasFixedLength(value, shape);
  const start: ClipLength = {
    ...{ samples: START_SECONDS * sampleRate, fill: "silence", cut: "start" },
  };
  const longest = isWaveform(features) ? (1000 * LONGEST_WAVEFORM) / sampleRate : LONGEST_MS;
  return (
    <>
      {!isFixed && (
        <label>
          Length of clips
          <select
            className="field"
            value={length ? "one" : "own"}
            onChange={({ currentTarget }) =>
              onChange(currentTarget.value === "one" ? { ...rest, length: start } : rest)
            }
          >
            <option value="own">as they are</option>
            <option value="one">all the same</option>
          </select>
        </label>
      )}
      {length && (
        <LengthFields
          {...{ length, isFixed, sampleRate, longest }}
          onChange={(next) => onChange({ ...rest, length: next })}
        />
      )}
    </>
  );
}

interface LengthFieldsProps {
  readonly length: ClipLength;
  /** By the network: nothing to choose. */
  readonly isFixed: boolean;
  readonly sampleRate: number;
  /** Milliseconds */
  readonly longest: number;
  readonly onChange: (length: ClipLength) => void;
}

function LengthFields({ length, isFixed, sampleRate, longest, onChange }: LengthFieldsProps) {
  return (
    <>
      {!isFixed && (
        <NumberField
          label="Length in ms"
          value={Math.round((1000 * length.samples) / sampleRate)}
          min={100}
          max={Math.min(LONGEST_MS, Math.floor(longest))}
          onChange={(ms) => onChange({ ...length, samples: Math.round((ms * sampleRate) / 1000) })}
        />
      )}
      <label>
        After a shorter clip
        <select
          className="field"
          value={length.fill}
          onChange={({ currentTarget }) =>
            onChange({ ...length, fill: currentTarget.value === "repeat" ? "repeat" : "silence" })
          }
        >
          <option value="silence">silence</option>
          <option value="repeat">the clip again</option>
        </select>
      </label>
      <label>
        Of a longer clip
        <select
          className="field"
          value={length.cut}
          onChange={({ currentTarget }) =>
            onChange({ ...length, cut: currentTarget.value === "middle" ? "middle" : "start" })
          }
        >
          <option value="start">the start</option>
          <option value="middle">the middle</option>
        </select>
      </label>
    </>
  );
}
