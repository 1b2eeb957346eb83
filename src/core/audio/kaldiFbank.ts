import { melFilterBank } from "./melFilters";
import { visitMel } from "./melFrames";

const SAMPLE_RATE = 16_000;
const WINDOW = 400;
const HOP = 160;
const PREEMPHASIS = 0.97;
/** float32's epsilon, Kaldi's floor. */
const POWER_FLOOR = 1.192092955078125e-7;

/** Over AudioSet, with which the Audio Spectrogram Transformer was trained. */
const MEAN = -4.2677393;
const DEVIATION = 4.5689974;

/** Frames and bands that the transformer takes: [1024, 128], 10 ms a frame. */
export const FBANK_FRAMES = 1024;
export const FBANK_BANDS = 128;

/**
 * What the Audio Spectrogram Transformer takes for a clip, [1024, 128], frame after frame, as
 * `transformers.ASTFeatureExtractor` (5.23, numpy) and Kaldi's fbank make it:
 *
 *   X = ln(max(sum_k M_bk |FFT(w · p_t)|_k^2, 2^-23))      out = (X - mean) / (2 · deviation)
 *
 * p_t is a frame of 400 samples less its mean, each sample less 0.97 of the one before (the first
 * less 0.97 of itself); hop 160, symmetric Hann, FFT 512, nothing padded, 128 Kaldi bands from 20 to
 * 8,000 Hz. Frames beyond 1,024 (10.265 s) are left out; missing ones are X = 0.
 *
 * @param samples mono at 16 kHz, full scale is 1.
 */
export function kaldiFbank(samples: Float32Array): Float32Array<ArrayBuffer> {
  const whole = samples.length < WINDOW ? 0 : 1 + Math.floor((samples.length - WINDOW) / HOP);
  const out = new Float32Array(FBANK_FRAMES * FBANK_BANDS).fill(normalise(0));
  visitMel(
    {
      frames: Math.min(FBANK_FRAMES, whole),
      window: symmetricHann(WINDOW),
      size: 512,
      filters: melFilterBank(
        { bands: FBANK_BANDS, low: 20, high: 8000, sampleRate: SAMPLE_RATE, scale: "kaldi" },
        512,
      ),
      read: (t, frame) => readEmphasised(samples.subarray(t * HOP, t * HOP + WINDOW), frame),
    },
    (t, band, power) => {
      out[t * FBANK_BANDS + band] = normalise(Math.log(Math.max(power, POWER_FLOOR)));
    },
  );
  return out;
}

function readEmphasised(part: Float32Array, frame: Float64Array): void {
  let sum = 0;
  for (const sample of part) sum += sample;
  const mean = sum / part.length;
  let before = part[0]! - mean;
  for (let i = 0; i < part.length; i++) {
    const value = part[i]! - mean;
    frame[i] = value - PREEMPHASIS * before;
    before = value;
  }
}

const normalise = (log: number) => (log - MEAN) / (2 * DEVIATION);

const symmetricHann = (size: number) =>
  Float64Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (size - 1)),
  );
