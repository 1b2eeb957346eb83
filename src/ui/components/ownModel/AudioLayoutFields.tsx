import { axesOf, possibleAxes, type InputShape } from "../../../core/audio/inputAxes";
import { audioSettings, fixedRate, possibleKinds } from "../../../core/audio/inputGuess";
import type {
  AudioAxis,
  AudioFeatureKind,
  AudioPreprocessing,
} from "../../../core/domain/audioPreprocessing";

interface AudioLayoutFieldsProps {
  readonly value: AudioPreprocessing;
  readonly onChange: (value: AudioPreprocessing) => void;
  readonly shape: InputShape;
}

const FEATURE_WORDS: Readonly<Record<AudioFeatureKind, string>> = {
  samples: "samples as they are",
  waveform: "samples at mean 0, variance 1 (wav2vec2)",
  "log-mel": "log-mel spectrogram",
  whisper: "Whisper’s log-mel, 30 s",
  "kaldi-fbank": "AST’s filter bank, 10 s",
  clap: "CLAP’s log-mel, 10 s",
};

const AXIS_WORDS: Readonly<Record<AudioAxis, string>> = { one: "1", bands: "bands", time: "time" };

/** Which features the network is fed, and in which order their axes stand. */
export function AudioLayoutFields({ value, onChange, shape }: AudioLayoutFieldsProps) {
  const { features, sampleRate, axes: _, length: __, ...known } = value;
  const kinds = possibleKinds(shape);
  const orders = possibleAxes(features, shape);
  const setKind = (kind: AudioFeatureKind) =>
    onChange(
      audioSettings(kind, shape, {
        ...{ input: known.input },
        ...(known.lengths !== undefined && { lengths: known.lengths }),
        ...(known.oneByOne !== undefined && { oneByOne: known.oneByOne }),
        // A rate that belongs to the features goes with them.
        ...(fixedRate(features) === undefined && { sampleRate }),
      }),
    );
  return (
    <>
      <label>
        The network takes
        <select
          className="field"
          value={features.kind}
          onChange={({ currentTarget }) => {
            const kind = kinds.find((each) => each === currentTarget.value);
            if (kind) setKind(kind);
          }}
        >
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {FEATURE_WORDS[kind]}
            </option>
          ))}
        </select>
      </label>
      {orders.length > 1 && (
        <label>
          Order of its axes
          <select
            className="field"
            value={axesOf(value).join()}
            onChange={({ currentTarget }) => {
              const axes = orders.find((each) => each.join() === currentTarget.value);
              if (axes) onChange({ ...value, axes });
            }}
          >
            {orders.map((axes) => (
              <option key={axes.join()} value={axes.join()}>
                [N, {axes.map((axis) => AXIS_WORDS[axis]).join(", ")}]
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}
