/** Half a minute at 16 kHz: attention over a longer clip does not fit a browser's memory. */
export const LONGEST_WAVEFORM = 480_000;

/** Keeps silence finite, as in the original. */
const VARIANCE_FLOOR = 1e-7;

/**
 * What wav2vec2 and HuBERT take for a clip, [T]: the samples at mean 0 and variance 1, as
 * `transformers.Wav2Vec2FeatureExtractor` (5.23) with `do_normalize` makes them:
 *
 *   out = (x - mean x) / sqrt(var x + 1e-7)
 *
 * A clip of more than 30 s is cut to its first 30 s before; the original takes all of it.
 *
 * @param samples mono at 16 kHz, full scale is 1; at least one.
 */
export function waveformFeatures(samples: Float32Array): Float32Array<ArrayBuffer> {
  const taken = samples.subarray(0, LONGEST_WAVEFORM);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < taken.length; i++) sum += taken[i]!;
  const mean = sum / taken.length;
  for (let i = 0; i < taken.length; i++) squares += (taken[i]! - mean) ** 2;
  const scale = Math.sqrt(squares / taken.length + VARIANCE_FLOOR);
  const out = new Float32Array(taken.length);
  for (let i = 0; i < out.length; i++) out[i] = (taken[i]! - mean) / scale;
  return out;
}
