import { clipFeatures } from "../../../core/audio/features";
import { isWaveform } from "../../../core/audio/inputAxes";
import { fixedRate } from "../../../core/audio/inputGuess";
import { LONGEST_WAVEFORM } from "../../../core/audio/waveformFeatures";
import type { AudioPreprocessing } from "../../../core/domain/audioPreprocessing";
import type { ImagePreprocessing, TextPreprocessing } from "../../../core/domain/encoder";
import type { OwnPreprocessing } from "../../../core/domain/ownModel";
import { AppError } from "../../../core/errors";

/** The smallest and largest side a network is likely to take: 1,024² pixels are 12 MB per item. */
const SIDES = { min: 8, max: 1024 } as const;
const TOKENS = { min: 3, max: 4096 } as const;

/** Below, nothing is left of speech; above, a minute takes 46 MB. */
const RATES = { min: 2_000, max: 192_000 } as const;
const BANDS = { min: 1, max: 512 } as const;
const WINDOW_MS = { min: 1, max: 500 } as const;
/** A minute at 48 kHz. */
const SAMPLES = { min: 400, max: 2_880_000 } as const;

/**
 * Refuses settings no network can be fed with, before memory is asked for.
 *
 * @throws AppError `encoder/unsupported`, naming the setting.
 */
export function checkPreprocessing(preprocessing: OwnPreprocessing): void {
  switch (preprocessing.kind) {
    case "text":
      return checkText(preprocessing);
    case "image":
      return checkImage(preprocessing);
    case "audio":
      return checkAudio(preprocessing);
  }
}

function checkText({ maxTokens, padTo }: TextPreprocessing): void {
  within("the number of tokens", maxTokens, TOKENS);
  if (padTo !== undefined) within("the padded length", padTo, TOKENS);
}

function checkImage({ size, resize, mean, std }: ImagePreprocessing): void {
  within("the size", size, SIDES);
  if (resize !== undefined) within("the size before the crop", resize, { min: size, max: 2048 });
  if (!mean.every(Number.isFinite)) refuse("the mean must be three numbers");
  if (!std.every((value) => Number.isFinite(value) && value > 0)) {
    refuse("the deviation must be three numbers above 0");
  }
}

function checkAudio(preprocessing: AudioPreprocessing): void {
  const { sampleRate, features, length } = preprocessing;
  const own = fixedRate(features);
  if (own !== undefined && own !== sampleRate) {
    refuse(`these features are made at ${own} Hz, not at ${sampleRate}`);
  }
  within("the sample rate", sampleRate, RATES);
  if (length) {
    const max = isWaveform(features) ? LONGEST_WAVEFORM : SAMPLES.max;
    within("the length in samples", length.samples, { min: SAMPLES.min, max });
  }
  if (features.kind !== "log-mel") return;
  within("the number of bands", features.bands, BANDS);
  within("the window in milliseconds", features.windowMs, WINDOW_MS);
  within("the hop in milliseconds", features.hopMs, { min: 1, max: features.windowMs });
  try {
    clipFeatures(new Float32Array(1).fill(1), { features, sampleRate });
  } catch (cause) {
    throw new AppError("encoder/unsupported", AppError.from(cause).detail, { cause });
  }
}

function within(what: string, value: number, { min, max }: { min: number; max: number }): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  refuse(`${what} is ${value}; a whole number from ${min} to ${max} was expected`);
}

function refuse(why: string): never {
  throw new AppError("encoder/unsupported", why);
}
