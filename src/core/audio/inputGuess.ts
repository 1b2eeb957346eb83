import type {
  AudioFeatureKind,
  AudioFeatures,
  AudioPreprocessing,
} from "../domain/audioPreprocessing";
import {
  axesOf,
  FEATURE_AXES,
  featureSizes,
  fixedTime,
  isWaveform,
  possibleAxes,
  type InputShape,
} from "./inputAxes";
import { samplesForFrames } from "./logMel";

/** Rate of most networks that listen to speech or sounds. */
export const USUAL_RATE = 16_000;

/** Bands of a log-mel spectrogram whose input does not fix them. */
const USUAL_BANDS = 40;

/** More of a fixed size than this are moments rather than bands. */
const MOST_BANDS = 512;

/** Rates that are part of how features are made; others take any. */
const FIXED_RATES: Partial<Record<AudioFeatureKind, number>> = {
  whisper: 16_000,
  "kaldi-fbank": 16_000,
  clap: 48_000,
};

/** The rate these features are made at, where no other is possible. */
export function fixedRate({ kind }: Pick<AudioFeatures, "kind">): number | undefined {
  return FIXED_RATES[kind];
}

/** Up to which frequency bands usually reach: 7,600 Hz of 16 kHz. */
export function usualHighest(sampleRate: number): number {
  return Math.round(0.475 * sampleRate);
}

/** What is known of an input before its features are chosen. */
export type KnownInput = Pick<AudioPreprocessing, "input" | "lengths" | "oneByOne"> & {
  /** Absent: what is usual for the features. */
  readonly sampleRate?: number;
};

/** Preprocessing with these features, the rest as the shape of the input says or as is usual. */
export function audioSettings(
  kind: AudioFeatureKind,
  shape: InputShape,
  { sampleRate = USUAL_RATE, ...known }: KnownInput,
): AudioPreprocessing {
  const rate = fixedRate({ kind }) ?? sampleRate;
  const mel = { windowMs: 25, hopMs: 10, low: 60, high: usualHighest(rate) };
  const features: AudioFeatures =
    kind === "log-mel" ? { kind, bands: bandsIn(shape), ...mel } : { kind };
  return refitted({ kind: "audio", sampleRate: rate, features, ...known }, shape);
}

/** The same settings with axes and length as the input fixes them. */
export function refitted(
  { axes: wanted, length, ...rest }: AudioPreprocessing,
  shape: InputShape,
): AudioPreprocessing {
  const { features, sampleRate } = rest;
  const possible = possibleAxes(features, shape);
  const natural = FEATURE_AXES[features.kind];
  const axes = possible.find((each) => each.join() === wanted?.join()) ?? possible[0] ?? natural;
  const made = { ...rest, ...(axes.join() !== natural.join() && { axes }) };
  if (featureSizes(features).time !== undefined) return made; // of a length of their own
  const time = fixedTime(shape, axes);
  if (time === undefined) return { ...made, ...(length && { length }) };
  const samples =
    features.kind === "log-mel" ? samplesForFrames(time, { ...features, sampleRate }) : time;
  const { fill = "silence", cut = "start" } = length ?? {};
  return { ...made, length: { samples, fill, cut } };
}

/** Whether the input itself fixes how long a clip is. */
export function hasFixedLength(
  preprocessing: Pick<AudioPreprocessing, "features" | "axes">,
  shape: InputShape,
): boolean {
  return fixedTime(shape, axesOf(preprocessing)) !== undefined;
}

/** Kinds of features an input of this shape could take, those first that it names by its sizes. */
export function possibleKinds(shape: InputShape): AudioFeatureKind[] {
  const isExact = (kind: AudioFeatureKind) => {
    const sizes = Object.values(featureSizes(audioSettings(kind, shape, { input: "" }).features));
    return sizes.length === 2 && sizes.every((size) => shape.includes(size));
  };
  const kinds: readonly AudioFeatureKind[] = [
    ...(["whisper", "kaldi-fbank", "clap"] as const).filter(isExact),
    ...(["samples", "waveform", "log-mel", "whisper", "kaldi-fbank", "clap"] as const),
  ];
  return [...new Set(kinds)].filter((kind) => {
    const { features } = audioSettings(kind, shape, { input: "" });
    const axes = possibleAxes(features, shape);
    return axes.length > 0 && (isWaveform(features) || shape.length > 2);
  });
}

/** The smaller of two fixed sizes, or the only one that can be bands. */
function bandsIn(shape: InputShape): number {
  const sizes = shape.slice(1).filter((size) => typeof size === "number" && size > 1);
  const bands = Math.min(...(sizes as number[])); // those that are numbers were kept
  return bands <= MOST_BANDS ? bands : USUAL_BANDS;
}
