import { AppError } from "../errors";

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
 * A power spectrum for signals of `size` samples, in float64: a Stockham transform of any length,
 * O(N · sum of N's prime factors), so 400 and 480 are as welcome as 512.
 *
 * @throws AppError `data/shape` for a size that is no positive integer.
 */
export function powerSpectrum(size: number): PowerSpectrum {
  if (!Number.isInteger(size) || size < 1) throw new AppError("data/shape", `FFT of size ${size}`);
  const bins = Math.floor(size / 2) + 1;
  const turns = turnsOf(size);
  const factors = primeFactors(size);
  let from: Complex = complex(size);
  let to: Complex = complex(size);
  return {
    size,
    bins,
    power(signal, out) {
      for (let i = 0; i < size; i++) from.re[i] = i < signal.length ? signal[i]! : 0;
      from.im.fill(0);
      let stride = 1;
      for (const factor of factors) {
        pass({ from, to, turns }, factor, stride);
        [from, to] = [to, from];
        stride *= factor;
      }
      for (let k = 0; k < bins; k++) out[k] = from.re[k]! ** 2 + from.im[k]! ** 2;
    },
  };
}

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

interface Pass {
  readonly from: Complex;
  readonly to: Complex;
  /** exp(-2 pi i t / N) for t in [0, N). */
  readonly turns: Complex;
}

/**
 * One Stockham step (decimation in frequency) by `p`, where n = N / s and m = n / p:
 *
 *   to[q + s (p k + j)] = w_n^(j k) sum_r from[q + s (k + r m)] w_p^(j r)
 */
function pass(step: Pass, p: number, s: number): void {
  const m = step.from.re.length / (s * p);
  if (p === 2) return passOfTwo(step, m, s);
  const { from, to, turns } = step;
  const size = from.re.length;
  for (let k = 0; k < m; k++) {
    for (let j = 0; j < p; j++) {
      for (let q = 0; q < s; q++) {
        let re = 0;
        let im = 0;
        for (let r = 0; r < p; r++) {
          const at = q + s * (k + r * m);
          const turn = (j * (r * (size / p) + k * s)) % size;
          re += from.re[at]! * turns.re[turn]! - from.im[at]! * turns.im[turn]!;
          im += from.re[at]! * turns.im[turn]! + from.im[at]! * turns.re[turn]!;
        }
        to.re[q + s * (p * k + j)] = re;
        to.im[q + s * (p * k + j)] = im;
      }
    }
  }
}

/** The same for p = 2, without the inner sum: most of the work for the usual sizes. */
function passOfTwo({ from, to, turns }: Pass, m: number, s: number): void {
  for (let k = 0; k < m; k++) {
    const turnRe = turns.re[k * s]!;
    const turnIm = turns.im[k * s]!;
    for (let q = 0; q < s; q++) {
      const a = q + s * k;
      const b = q + s * (k + m);
      const even = q + 2 * s * k;
      const odd = even + s;
      const re = from.re[a]! - from.re[b]!;
      const im = from.im[a]! - from.im[b]!;
      to.re[even] = from.re[a]! + from.re[b]!;
      to.im[even] = from.im[a]! + from.im[b]!;
      to.re[odd] = re * turnRe - im * turnIm;
      to.im[odd] = re * turnIm + im * turnRe;
    }
  }
}

function turnsOf(size: number): Complex {
  const turns = complex(size);
  for (let t = 0; t < size; t++) {
    turns.re[t] = Math.cos((2 * Math.PI * t) / size);
    turns.im[t] = -Math.sin((2 * Math.PI * t) / size);
  }
  return turns;
}

function primeFactors(size: number): number[] {
  const factors: number[] = [];
  let rest = size;
  for (let p = 2; rest > 1; p++) {
    while (rest % p === 0) {
      factors.push(p);
      rest /= p;
    }
  }
  return factors;
}

function complex(size: number): Complex {
  return { re: new Float64Array(size), im: new Float64Array(size) };
}
