import { melFilterBank } from "./melFilters";
import { centredFrames, hann, visitMel } from "./melFrames";

const SAMPLE_RATE = 48_000;
/** 10 s */
const LENGTH = 10 * SAMPLE_RATE;
const WINDOW = 1024;
const HOP = 480;

/** Frames and bands that CLAP takes: [1001, 64], 10 ms a frame. */
export const CLAP_FRAMES = LENGTH / HOP + 1;
export const CLAP_BANDS = 64;

/**
 * What CLAP's audio tower takes for a clip, [1001, 64], frame after frame, in decibels, as
 * `transformers.ClapFeatureExtractor` (5.23) makes it for `laion/clap-htsat-unfused`:
 *
 *   out = 10 log10(max(sum_k M_bk |FFT(w · x_t)|_k^2, 1e-10))
 *
 * with a periodic Hann of 1,024 samples, hop 480, the signal mirrored at both ends, 64 Slaney bands
 * from 50 to 14,000 Hz. A clip below 10 s is repeated as often as it fits whole (`repeatpad`), then
 * followed by silence. Of a longer one the original takes 10 s at random (`rand_trunc`); we take the
 * middle, so that an embedding is always the same.
 *
 * @param samples mono at 48 kHz, full scale is 1; at least one.
 */
export function clapFeatures(samples: Float32Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(CLAP_FRAMES * CLAP_BANDS);
  visitMel(
    {
      frames: CLAP_FRAMES,
      window: hann(WINDOW),
      size: WINDOW,
      filters: melFilterBank(
        { bands: CLAP_BANDS, low: 50, high: 14_000, sampleRate: SAMPLE_RATE, scale: "slaney" },
        WINDOW,
      ),
      read: centredFrames(tenSeconds(samples), HOP),
    },
    (t, band, power) => {
      out[t * CLAP_BANDS + band] = 10 * Math.log10(Math.max(power, 1e-10));
    },
  );
  return out;
}

function tenSeconds(samples: Float32Array): Float32Array {
  const over = samples.length - LENGTH;
  if (over >= 0) return samples.subarray(over >> 1, (over >> 1) + LENGTH);
  const signal = new Float32Array(LENGTH);
  const times = Math.floor(LENGTH / samples.length);
  for (let i = 0; i < times; i++) signal.set(samples, i * samples.length);
  return signal;
}
