import { clipFeatures, type ClipFeatures } from "../../core/audio/features";
import { isClipped, isSilent } from "../../core/audio/loudness";
import { resampler, type Resampler } from "../../core/audio/resample";
import { trimSilence } from "../../core/audio/trimSilence";
import type { AudioPreprocessing } from "../../core/domain/audioPreprocessing";
import type { DecodedSound } from "./decodeSound";

/** A recording; one just `recorded` is encoded without the silence before and after it. */
export type SoundInput = Blob | { readonly recorded: Blob };

/** A recording as a network is fed it. */
export interface ListenedSound {
  readonly features: ClipFeatures;
  readonly file: Blob;
  /** Of what features were taken, in seconds, before it was brought to a fixed length. */
  readonly seconds: number;
  /** Of the file, Hz. */
  readonly rate: number;
  /** What there is to doubt about it: that it is silent, or cut off. */
  readonly doubt: string | undefined;
}

/** Rates a project has files of, at most, whose filters are worth keeping. */
const KEPT_RESAMPLERS = 8;

/**
 * Bytes to features: decoded, at the network's rate, as it asks for them. The function throws
 * `sound/…` as `decodeSound` does.
 *
 * @param decode how bytes become samples; a test without a browser passes its own.
 */
export function soundListener(
  preprocessing: AudioPreprocessing,
  decode: (blob: Blob) => Promise<DecodedSound> = decodeInBrowser,
): (input: SoundInput) => Promise<ListenedSound> {
  const { sampleRate } = preprocessing;
  const resamplers = new Map<number, Resampler>();
  const resamplerFrom = (rate: number) => {
    const known = resamplers.get(rate);
    if (known) return known;
    if (resamplers.size >= KEPT_RESAMPLERS) resamplers.clear();
    const made = resampler(rate, sampleRate);
    resamplers.set(rate, made);
    return made;
  };
  return async (input) => {
    const isRecorded = "recorded" in input;
    const file = isRecorded ? input.recorded : input;
    const { samples, rate } = await decode(file);
    const clip = resamplerFrom(rate)(samples);
    const kept = isRecorded ? trimSilence(clip, sampleRate) : clip;
    const features = clipFeatures(kept, preprocessing);
    const seconds = kept.length / sampleRate;
    return { features, file, seconds, rate, doubt: doubtAbout(samples) };
  };
}

function doubtAbout(samples: Float32Array): string | undefined {
  if (isSilent(samples)) return "it is silent, so nothing can tell it from other silence";
  return isClipped(samples) ? "it is too loud: its peaks are cut off" : undefined;
}

/** The decoder with its parsers is loaded with the first sound. */
async function decodeInBrowser(blob: Blob): Promise<DecodedSound> {
  const { decodeSound } = await import("./decodeSound");
  return decodeSound(blob);
}
