import type {
  AudioFeatureKind,
  AudioFeatures,
  AudioPreprocessing,
} from "../domain/audioPreprocessing";
import { AppError } from "../errors";
import { CLAP_BANDS, CLAP_FRAMES, clapFeatures } from "./clapFeatures";
import { fitLength, heardOf, type Heard } from "./fitLength";
import { arrange, axesOf, FEATURE_AXES } from "./inputAxes";
import { FBANK_BANDS, FBANK_FRAMES, kaldiFbank } from "./kaldiFbank";
import { logMel } from "./logMel";
import { LONGEST_WAVEFORM, waveformFeatures } from "./waveformFeatures";
import { WHISPER_BANDS, WHISPER_FRAMES, WHISPER_LENGTH, whisperFeatures } from "./whisperFeatures";

/** What a network is fed for one clip, without the batch's axis. */
export interface ClipFeatures {
  readonly data: Float32Array<ArrayBuffer>;
  /** Row-major. */
  readonly dims: readonly number[];
  /** How many steps of time there are, for networks that ask for it. */
  readonly frames: number;
  /**
   * How much of a fixed length is the clip: only tokens that reach into it are pooled. Absent: all
   * of them.
   */
  readonly heard?: Heard;
}

type FeaturesOf<Kind extends AudioFeatureKind> = (
  samples: Float32Array<ArrayBuffer>,
  features: Extract<AudioFeatures, { kind: Kind }>,
  sampleRate: number,
) => ClipFeatures;

/** One entry per kind of features; a new kind joins here. */
const FEATURES: { readonly [Kind in AudioFeatureKind]: FeaturesOf<Kind> } = {
  "log-mel": (samples, features, sampleRate) => {
    const { data, bands, frames } = logMel(samples, { ...features, sampleRate });
    return { data, dims: [bands, frames], frames };
  },
  whisper: (samples) => ({
    data: whisperFeatures(samples),
    dims: [WHISPER_BANDS, WHISPER_FRAMES],
    frames: WHISPER_FRAMES,
    heard: { samples: Math.min(samples.length, WHISPER_LENGTH), of: WHISPER_LENGTH },
  }),
  "kaldi-fbank": (samples) => ({
    data: kaldiFbank(samples),
    dims: [FBANK_FRAMES, FBANK_BANDS],
    frames: FBANK_FRAMES,
  }),
  clap: (samples) => ({
    data: clapFeatures(samples),
    dims: [1, CLAP_FRAMES, CLAP_BANDS],
    frames: CLAP_FRAMES,
  }),
  waveform: (samples) => {
    const data = waveformFeatures(samples);
    return { data, dims: [data.length], frames: data.length };
  },
  samples: (samples) => {
    const data = samples.slice(0, LONGEST_WAVEFORM);
    return { data, dims: [data.length], frames: data.length };
  },
};

/**
 * Features of one clip as an encoder asks for them: of its length, with its axes.
 *
 * @param samples mono, at the encoder's rate, full scale is 1.
 * @throws AppError `data/shape` for no samples.
 */
export function clipFeatures(
  samples: Float32Array<ArrayBuffer>,
  preprocessing: Pick<AudioPreprocessing, "features" | "sampleRate" | "length" | "axes">,
): ClipFeatures {
  const { features, sampleRate, length } = preprocessing;
  if (samples.length === 0) throw new AppError("data/shape", "no samples to take features of");
  // The table pairs every kind with its own options, which a lookup by a union cannot express.
  const make = FEATURES[features.kind] as FeaturesOf<AudioFeatureKind>;
  const made = make(length ? fitLength(samples, length) : samples, features, sampleRate);
  const heard = made.heard ?? heardOf(samples.length, length);
  const arranged = arrange(made, FEATURE_AXES[features.kind], axesOf(preprocessing));
  return { ...arranged, frames: made.frames, ...(heard && { heard }) };
}

/** Features of several clips in one tensor. */
export interface FeatureBatch {
  readonly data: Float32Array<ArrayBuffer>;
  readonly dims: readonly number[];
  /** [B] steps of time of each clip. */
  readonly lengths: BigInt64Array<ArrayBuffer>;
}

/**
 * Clips padded with zeros, at the end of their last axis, to the longest of them.
 *
 * @throws AppError `data/shape` for no clips, or clips that differ in another axis.
 */
export function featureBatch(clips: readonly ClipFeatures[]): FeatureBatch {
  const [first] = clips;
  if (!first) throw new AppError("data/shape", "a batch of no clips");
  const outer = first.dims.slice(0, -1);
  const rows = outer.reduce((product, size) => product * size, 1);
  const longest = Math.max(...clips.map(({ dims }) => dims.at(-1) ?? 0));
  const data = new Float32Array(clips.length * rows * longest);
  clips.forEach((clip, c) => {
    const own = clip.dims.at(-1) ?? 0;
    if (clip.dims.slice(0, -1).join() !== outer.join() || clip.data.length !== rows * own) {
      throw new AppError(
        "data/shape",
        `clip [${clip.dims.join()}] in a batch of [${outer.join()}, T]`,
      );
    }
    for (let r = 0; r < rows; r++) {
      data.set(clip.data.subarray(r * own, (r + 1) * own), (c * rows + r) * longest);
    }
  });
  const lengths = BigInt64Array.from(clips, ({ frames }) => BigInt(frames));
  return { data, dims: [clips.length, ...outer, longest], lengths };
}
