import type { AudioFeatures } from "../domain/audioPreprocessing";
import { AppError } from "../errors";
import { isSilent } from "./loudness";
import { melFilterBank, type MelFilter } from "./melFilters";
import { hann, visitMel } from "./melFrames";

/** How a log-mel spectrogram is made; part of an encoder's preprocessing. */
export type LogMelOptions = Omit<Extract<AudioFeatures, { kind: "log-mel" }>, "kind"> & {
  readonly sampleRate: number;
};

/** Features of one clip: [bands, frames], band after band. */
export interface LogMel {
  readonly data: Float32Array<ArrayBuffer>;
  readonly bands: number;
  readonly frames: number;
}

/** Added to the power before the logarithm: 100 dB below a sine at full scale, whose power is 1e4. */
const POWER_FLOOR = 1e-6;

/** Zeros behind a frame only read its spectrum at more places: beyond this it is a waste. */
const LARGEST_FFT = 4096;

/** A band whose log power deviates less over the clip does not change: rounding, not sound. */
const LEAST_DEVIATION = 1e-3;

/**
 * Log-mel spectrogram of a clip, each band standardised over the clip.
 *
 *   X_b(t) = ln(sum_k M_bk |FFT(w · x_t)|_k^2 + 1e-6)      out_b(t) = (X_b(t) - mean_b) / std_b
 *
 * - w: periodic Hann, 0.5 - 0.5 cos(2 pi i / window). Frame t starts at sample t · hop; nothing is
 *   padded, a last part shorter than the window is left out: T = 1 + floor((n - window) / hop). A clip
 *   shorter than one window is one frame, filled up with zeros.
 * - FFT of the next power of two, doubled (up to 4,096) while a band would hold no bin; power is
 *   neither scaled nor averaged.
 * - M: triangles of height 1 over bin frequencies in Hz, corners evenly spaced on the HTK mel scale
 *   2595 log10(1 + f / 700) from `low` to `high`.
 * - mean and (population) std over the clip's frames; a band with std below 1e-3 gives zeros, and so
 *   does a silent clip as a whole: features of silence and of any constant are finite and equal.
 *   Where `standardise` is false, X itself is given.
 *
 * @param samples mono, full scale is 1, at `sampleRate`.
 * @throws AppError `data/shape` for no samples or impossible bands.
 */
export function logMel(samples: Float32Array, options: LogMelOptions): LogMel {
  if (samples.length === 0) throw new AppError("data/shape", "no samples to take features of");
  const { bands, standardise = true } = options;
  const window = samplesOf(options.windowMs, options.sampleRate);
  const hop = samplesOf(options.hopMs, options.sampleRate);
  const frames = frameCount(samples.length, window, hop);
  const data = new Float32Array(bands * frames);
  if (standardise && isSilent(samples)) return { data, bands, frames };
  const { filters, size } = filledFilters(options, 2 ** Math.ceil(Math.log2(window)));
  visitMel(
    {
      frames,
      window: hann(window),
      size,
      filters,
      read: (t, frame) => {
        for (let i = 0; i < window; i++) frame[i] = samples[t * hop + i] ?? 0;
      },
    },
    (t, band, power) => {
      data[band * frames + t] = Math.log(power + POWER_FLOOR);
    },
  );
  if (!standardise) return { data, bands, frames };
  for (let b = 0; b < bands; b++) toUnit(data.subarray(b * frames, (b + 1) * frames));
  return { data, bands, frames };
}

/** Frames of a clip of `length` samples: at least 1. */
export function frameCount(length: number, window: number, hop: number): number {
  return 1 + Math.max(0, Math.floor((length - window) / hop));
}

/** Samples of the shortest clip that has so many frames. */
export function samplesForFrames(
  frames: number,
  { windowMs, hopMs, sampleRate }: Pick<LogMelOptions, "windowMs" | "hopMs" | "sampleRate">,
): number {
  return samplesOf(windowMs, sampleRate) + (frames - 1) * samplesOf(hopMs, sampleRate);
}

/**
 * Filters that each hold a bin, and the size of the FFT that takes.
 *
 * @throws AppError `data/shape` for a band so narrow that no bin of the largest falls into it.
 */
function filledFilters(
  options: Omit<LogMelOptions, "windowMs" | "hopMs">,
  size: number,
): { filters: MelFilter[]; size: number } {
  const filters = melFilterBank({ ...options, scale: "htk" }, size);
  const empty = filters.findIndex(({ weights }) => weights.length === 0);
  if (empty < 0) return { filters, size };
  if (size >= LARGEST_FFT) {
    throw new AppError("data/shape", `no frequency bin in band ${empty + 1}`);
  }
  return filledFilters(options, 2 * size);
}

/** In place: mean 0 and deviation 1; zeros where there is hardly any deviation. */
function toUnit(values: Float32Array): void {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  if (deviation < LEAST_DEVIATION) values.fill(0);
  else for (let i = 0; i < values.length; i++) values[i] = (values[i]! - mean) / deviation;
}

const samplesOf = (ms: number, sampleRate: number) => Math.round((ms / 1000) * sampleRate);
