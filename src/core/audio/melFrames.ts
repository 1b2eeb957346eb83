import { powerSpectrum } from "./fft";
import type { MelFilter } from "./melFilters";

/** A spectrogram to go through, frame by frame. */
export interface MelFrames {
  readonly frames: number;
  /** Weight of each sample of a frame; its length is the frame's. */
  readonly window: Float64Array;
  /** N of the FFT, at least the frame's length. */
  readonly size: number;
  readonly filters: readonly MelFilter[];
  /** Fills in frame t, not yet windowed. */
  read(t: number, frame: Float64Array): void;
}

/**
 * Calls `visit` with the power in every band of every frame, in order:
 * `sum_k M_bk |FFT(w · x_t)|_k^2`, not scaled. Frames of zeros cost hardly anything.
 */
export function visitMel(
  { frames, window, size, filters, read }: MelFrames,
  visit: (t: number, band: number, power: number) => void,
): void {
  const spectrum = powerSpectrum(size);
  const frame = new Float64Array(window.length);
  const power = new Float64Array(spectrum.bins);
  for (let t = 0; t < frames; t++) {
    read(t, frame);
    if (isZero(frame)) {
      for (let band = 0; band < filters.length; band++) visit(t, band, 0);
      continue;
    }
    for (let i = 0; i < frame.length; i++) frame[i] = frame[i]! * window[i]!;
    spectrum.power(frame, power);
    filters.forEach(({ first, weights }, band) => {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * power[first + k]!;
      visit(t, band, sum);
    });
  }
}

function isZero(frame: Float64Array): boolean {
  for (let i = 0; i < frame.length; i++) if (frame[i] !== 0) return false;
  return true;
}

/**
 * Reads frames whose middle lies at t · hop, the signal mirrored at its ends (its first and last
 * sample stand once), as numpy's and torch's `reflect`.
 *
 * @param samples more of them than half a frame.
 */
export function centredFrames(samples: ArrayLike<number>, hop: number): MelFrames["read"] {
  const last = samples.length - 1;
  return (t, frame) => {
    const start = t * hop - frame.length / 2;
    for (let i = 0; i < frame.length; i++) {
      const at = Math.abs(start + i);
      frame[i] = samples[at > last ? 2 * last - at : at]!;
    }
  };
}

/** Periodic Hann window: 0.5 - 0.5 cos(2 pi i / size). */
export function hann(size: number): Float64Array {
  return Float64Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size),
  );
}
