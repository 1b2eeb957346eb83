import { melFilterBank } from "./melFilters";
import { centredFrames, hann, visitMel } from "./melFrames";

const SAMPLE_RATE = 16_000;
/** 30 s: what is longer is cut, what is shorter is followed by silence. */
export const WHISPER_LENGTH = 30 * SAMPLE_RATE;
const WINDOW = 400;
const HOP = 160;

/** Bands and frames that Whisper takes: [80, 3000], 10 ms a frame. */
export const WHISPER_BANDS = 80;
export const WHISPER_FRAMES = WHISPER_LENGTH / HOP;

/** Dynamic range kept below the loudest place of the clip, in powers of ten. */
const RANGE = 8;

/**
 * What Whisper's encoder takes for a clip, [80, 3000], band after band, as
 * `transformers.WhisperFeatureExtractor` (5.23) makes it:
 *
 *   X = log10(max(sum_k M_bk |FFT(w · x_t)|_k^2, 1e-10))      out = (max(X, max X - 8) + 4) / 4
 *
 * on the first 30 s: periodic Hann of 400 samples, hop 160, FFT 400, the signal mirrored at both ends,
 * 80 Slaney bands from 0 to 8,000 Hz.
 *
 * @param samples mono at 16 kHz, full scale is 1.
 */
export function whisperFeatures(samples: Float32Array): Float32Array<ArrayBuffer> {
  const signal = new Float32Array(WHISPER_LENGTH);
  signal.set(samples.subarray(0, WHISPER_LENGTH));
  const logs = new Float64Array(WHISPER_BANDS * WHISPER_FRAMES);
  let highest = -Infinity;
  visitMel(
    {
      frames: WHISPER_FRAMES,
      window: hann(WINDOW),
      size: WINDOW,
      filters: melFilterBank(
        { bands: WHISPER_BANDS, low: 0, high: 8000, sampleRate: SAMPLE_RATE, scale: "slaney" },
        WINDOW,
      ),
      read: centredFrames(signal, HOP),
    },
    (t, band, power) => {
      const log = Math.log10(Math.max(power, 1e-10));
      logs[band * WHISPER_FRAMES + t] = log;
      highest = Math.max(highest, log);
    },
  );
  const out = new Float32Array(logs.length);
  for (let i = 0; i < out.length; i++) out[i] = (Math.max(logs[i]!, highest - RANGE) + 4) / 4;
  return out;
}
