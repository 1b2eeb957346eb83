import type { AudioFeatures, AudioPreprocessing } from "../domain/encoder";
import { AppError } from "../errors";
import { CLAP_BANDS, CLAP_FRAMES, clapFeatures } from "./clapFeatures";
import { FBANK_BANDS, FBANK_FRAMES, kaldiFbank } from "./kaldiFbank";
import { logMel } from "./logMel";
import { waveformFeatures } from "./waveformFeatures";
import { WHISPER_BANDS, WHISPER_FRAMES, whisperFeatures, whisperTokens } from "./whisperFeatures";

/** What a network is fed for one clip, without the batch's axis. */
export interface ClipFeatures {
  readonly data: Float32Array<ArrayBuffer>;
  /** Row-major. Only the last may differ between two clips of one kind. */
  readonly dims: readonly number[];
  /** How many steps of time there are, for networks that ask for it. */
  readonly frames: number;
  /**
   * Of the tokens the network gives over its fixed length, how many reach into the clip: only these
   * are pooled. Absent: all of them.
   */
  readonly tokens?: number;
}

type FeaturesOf<Kind extends AudioFeatures["kind"]> = (
  samples: Float32Array<ArrayBuffer>,
  features: Extract<AudioFeatures, { kind: Kind }>,
  sampleRate: number,
) => ClipFeatures;

/** One entry per kind of features; a new kind joins here. */
const FEATURES: { readonly [Kind in AudioFeatures["kind"]]: FeaturesOf<Kind> } = {
  "log-mel": (samples, features, sampleRate) => {
    const { data, bands, frames } = logMel(samples, { ...features, sampleRate });
    return { data, dims: [bands, frames], frames };
  },
  whisper: (samples) => ({
    data: whisperFeatures(samples),
    dims: [WHISPER_BANDS, WHISPER_FRAMES],
    frames: WHISPER_FRAMES,
    tokens: whisperTokens(samples.length),
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
};

/**
 * Features of one clip as an encoder asks for them.
 *
 * @param samples mono, at the encoder's rate, full scale is 1.
 * @throws AppError `data/shape` for no samples.
 */
export function clipFeatures(
  samples: Float32Array<ArrayBuffer>,
  { features, sampleRate }: Pick<AudioPreprocessing, "features" | "sampleRate">,
): ClipFeatures {
  if (samples.length === 0) throw new AppError("data/shape", "no samples to take features of");
  // The table pairs every kind with its own options, which a lookup by a union cannot express.
  const make = FEATURES[features.kind] as FeaturesOf<AudioFeatures["kind"]>;
  return make(samples, features, sampleRate);
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
