import { AppError } from "../errors";

/** A complex signal or spectrum, in two arrays of one length. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Fourier transforms of one length; keeps its tables and its scratch space. */
export interface FourierTransform {
  readonly size: number;
  /**
   * Overwrites a signal with its transform, not scaled:
   *
   *   X_k = sum_n x_n exp(-2 pi i k n / N)
   *
   * With `re` and `im` exchanged it is the inverse, N times too large.
   */
  transform(signal: Complex): void;
}

/**
 * A Fourier transform of any length in float64: Stockham's, O(N · sum of N's prime factors), so 400
 * and 480 are as welcome as 512.
 *
 * @throws AppError `data/shape` for a size that is no positive integer.
 */
export function fourierTransform(size: number): FourierTransform {
  if (!Number.isInteger(size) || size < 1) throw new AppError("data/shape", `FFT of size ${size}`);
  const turns = turnsOf(size);
  const factors = primeFactors(size);
  const scratch = complex(size);
  return {
    size,
    transform(signal) {
      let [from, to]: [Complex, Complex] = [signal, scratch];
      let stride = 1;
      for (const factor of factors) {
        pass({ from, to, turns }, factor, stride);
        [from, to] = [to, from];
        stride *= factor;
      }
      if (from === signal) return;
      signal.re.set(from.re);
      signal.im.set(from.im);
    },
  };
}

/** Zeros. */
export function complex(size: number): Complex {
  return { re: new Float64Array(size), im: new Float64Array(size) };
}

/** Odd parts of quick lengths: every factor other than 2 costs a slower pass, so three at most. */
const ODD_PARTS = [1, 3, 5, 9, 15, 25, 27, 45, 75, 125];

/** The next length, at most an eighth more than `least`, whose transform is quick. */
export function quickSize(least: number): number {
  return Math.min(
    ...ODD_PARTS.map((odd) => odd * 2 ** Math.max(0, Math.ceil(Math.log2(least / odd)))),
  );
}

/** out += conj(a) · b. */
export function addConjugateProduct(a: Complex, b: Complex, out: Complex): void {
  for (let w = 0; w < out.re.length; w++) {
    const [p, q, r, s] = [a.re[w]!, a.im[w]!, b.re[w]!, b.im[w]!];
    out.re[w] = out.re[w]! + p * r + q * s;
    out.im[w] = out.im[w]! + p * s - q * r;
  }
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
