import { featureStrip } from "../../../core/audio/featureStrip";
import { axesOf } from "../../../core/audio/inputAxes";
import type { AudioPreprocessing } from "../../../core/domain/audioPreprocessing";
import type { HeardSound } from "../../../core/domain/ownModel";
import { LONGEST_WAVEFORM } from "../../../core/audio/waveformFeatures";
import type { DecodedSound } from "../decodeSound";
import { soundListener } from "../soundFeatures";

/** Seconds that features with a length of their own take of a clip. */
const LONGEST = { whisper: 30, "kaldi-fbank": 10.265, clap: 10 } as const;

/**
 * What a network hears of a recording: the features it is fed, as a small picture, and how much of
 * the recording they are of.
 *
 * @throws AppError `sound/…` as `decodeSound`, `data/shape`.
 */
export async function hearSound(
  sound: Blob,
  preprocessing: AudioPreprocessing,
  decode?: (blob: Blob) => Promise<DecodedSound>,
): Promise<HeardSound> {
  const { features, seconds, rate, doubt } = await soundListener(preprocessing, decode)(sound);
  return {
    dims: features.dims,
    seconds,
    heardSeconds: Math.min(seconds, longestOf(preprocessing)),
    rate,
    strip: featureStrip(features, axesOf(preprocessing)),
    doubt,
  };
}

function longestOf({ features, sampleRate, length }: AudioPreprocessing): number {
  if (length) return length.samples / sampleRate;
  switch (features.kind) {
    case "log-mel":
      return Infinity;
    case "waveform":
    case "samples":
      return LONGEST_WAVEFORM / sampleRate;
    case "whisper":
    case "kaldi-fbank":
    case "clap":
      return LONGEST[features.kind];
  }
}
