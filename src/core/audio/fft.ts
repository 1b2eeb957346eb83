import { complex, fourierTransform } from "../math/fft";

/** The power spectrum of real signals of one length; keeps its tables and its scratch space. */
export interface PowerSpectrum {
  /** N */
  readonly size: number;
  /** N / 2 + 1, rounded down: bins from 0 to half the sample rate. */
  readonly bins: number;
  /**
   * Squared magnitude of each bin, not scaled:
   *
   *   out_k = | sum_n x_n exp(-2 pi i k n / N) |^2
   *
   * @param signal at most N samples; what is missing counts as zeros.
   * @param out [bins], overwritten.
   */
  power(signal: ArrayLike<number>, out: Float64Array): void;
}

/**
 * A power spectrum for signals of `size` samples, in float64, of any length: 400 and 480 are
 * as welcome as 512.
 *
 * @throws AppError `data/shape` for a size that is no positive integer.
 */
export function powerSpectrum(size: number): PowerSpectrum {
  const fourier = fourierTransform(size);
  const bins = Math.floor(size / 2) + 1;
  const spectrum = complex(size);
  return {
    size,
    bins,
    power(signal, out) {
      for (let i = 0; i < size; i++) spectrum.re[i] = i < signal.length ? signal[i]! : 0;
      spectrum.im.fill(0);
      fourier.transform(spectrum);
      for (let k = 0; k < bins; k++) out[k] = spectrum.re[k]! ** 2 + spectrum.im[k]! ** 2;
    },
  };
}
