/** How sound becomes what a network is fed; `core/audio` has the features, sources with them. */
export interface AudioPreprocessing {
  readonly kind: "audio";
  /** Samples per second the network was made for; mono. */
  readonly sampleRate: number;
  readonly features: AudioFeatures;
  /** Name of the session input. */
  readonly input: string;
  /** Name of a session input [B] int64 with the frames of each clip, where the network asks for it. */
  readonly lengths?: string;
  /** What every clip is brought to before features are taken of it; absent: it keeps its length. */
  readonly length?: ClipLength;
  /** Axes of the input after the batch; absent: as the features come. */
  readonly axes?: readonly AudioAxis[];
  /** The network takes one clip at a time: its batch is fixed. */
  readonly oneByOne?: boolean;
}

/** `one`: an axis of size 1. */
export const AUDIO_AXES = ["one", "bands", "time"] as const;
export type AudioAxis = (typeof AUDIO_AXES)[number];

/** A fixed length of clips. */
export interface ClipLength {
  /** At the network's rate. */
  readonly samples: number;
  /** What follows a shorter clip: silence, whose tokens are not pooled, or the clip again. */
  readonly fill: "silence" | "repeat";
  /** Which part of a longer clip is taken. */
  readonly cut: "start" | "middle";
}

/** Features without settings of their own. */
export const PLAIN_FEATURES = ["whisper", "kaldi-fbank", "clap", "waveform", "samples"] as const;

/**
 * - `log-mel`: [B, bands, T], each band standardised over its clip; T is the longest clip's.
 * - `whisper`: [B, 80, 3000], 30 s.
 * - `kaldi-fbank`: [B, 1024, 128], as the Audio Spectrogram Transformer takes it.
 * - `clap`: [B, 1, 1001, 64], 10 s at 48 kHz.
 * - `waveform`: [B, T], each clip at mean 0 and variance 1.
 * - `samples`: [B, T], as they are, full scale is 1.
 */
export type AudioFeatures =
  | {
      readonly kind: "log-mel";
      readonly bands: number;
      readonly windowMs: number;
      readonly hopMs: number;
      /** Hz */
      readonly low: number;
      readonly high: number;
      /** False: the logarithms as they are, where the network was trained on those. */
      readonly standardise?: boolean;
    }
  | { readonly kind: (typeof PLAIN_FEATURES)[number] };

/** The kinds of features there are. */
export type AudioFeatureKind = AudioFeatures["kind"];
