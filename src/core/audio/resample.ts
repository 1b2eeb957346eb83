import { AppError } from "../errors";

/** Sample rates between which can be resampled, Hz: beyond is a damaged header, not a recording. */
export const LOWEST_RATE = 1_000;
export const HIGHEST_RATE = 768_000;

/** Zero crossings of the sinc on each side: with BETA, a transition band of 9 %. */
const CROSSINGS = 48;

/** Kaiser window for a stop band 70 dB down: 0.1102 (70 - 8.7), Kaiser 1974. */
const BETA = 6.755;

/**
 * Where the filter is half down, as a share of half the lower rate. Half the transition band lies
 * above, so that the stop band begins at the fold and nothing audible comes back mirrored.
 */
const CUTOFF = 0.955;

/** Filters per sample of input, at most. Beyond, neighbours are blended: 120 dB down. */
const MOST_PHASES = 1024;

/** Turns samples at one rate into samples at another. */
export type Resampler = (samples: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>;

/**
 * A resampler from one rate to another, with its filters ready: windowed sinc (Kaiser), linear phase,
 * no delay.
 *
 *   y_i = sum_n x_n h(i · from / to - n)        h(t) = c sinc(c t) kaiser(c t),  c ~ min(1, to / from)
 *
 * Flat to 91 % of half the lower rate, 70 dB down above it. Every filter sums to 1, so a constant
 * stays what it is; beyond both ends the signal counts as silence. n samples become
 * ceil(n · to / from); equal rates give back the same array.
 *
 * @param from Hz
 * @param to Hz
 * @throws AppError `data/shape` for rates out of 1 kHz to 768 kHz.
 */
export function resampler(from: number, to: number): Resampler {
  for (const rate of [from, to]) {
    if (!(Number.isInteger(rate) && rate >= LOWEST_RATE && rate <= HIGHEST_RATE)) {
      throw new AppError("data/shape", `a sample rate of ${rate} Hz`);
    }
  }
  if (from === to) return (samples) => samples;
  const bank = filterBank(from, to);
  return (samples) => {
    const out = new Float32Array(Math.ceil((samples.length * to) / from));
    for (let i = 0; i < out.length; i++) {
      const whole = Math.floor((i * from) / to);
      const phase = (((i * from) % to) * bank.phases) / to;
      const row = Math.floor(phase);
      const share = phase - row; // 0 where there is a filter for every phase that occurs
      const own = filtered(samples, bank, row, whole);
      out[i] = share === 0 ? own : own + share * (filtered(samples, bank, row + 1, whole) - own);
    }
    return out;
  };
}

interface FilterBank {
  /** Filters per sample of input; one more follows, the first of the next sample. */
  readonly phases: number;
  readonly taps: number;
  /** Samples before the current one that a filter reaches. */
  readonly before: number;
  /** [phases + 1, taps], each row sums to 1. */
  readonly rows: Float64Array;
}

function filterBank(from: number, to: number): FilterBank {
  const scale = Math.min(1, to / from) * CUTOFF;
  const phases = Math.min(MOST_PHASES, to / greatestDivisor(from, to));
  const before = Math.ceil(CROSSINGS / scale);
  const taps = 2 * before + 1;
  const rows = new Float64Array((phases + 1) * taps);
  for (let p = 0; p <= phases; p++) {
    const row = rows.subarray(p * taps, (p + 1) * taps);
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      row[k] = windowedSinc((p / phases + before - k) * scale);
      sum += row[k]!;
    }
    for (let k = 0; k < taps; k++) row[k] = row[k]! / sum;
  }
  return { phases, taps, before, rows };
}

function filtered(samples: Float32Array, bank: FilterBank, row: number, whole: number): number {
  const { rows, taps } = bank;
  const start = whole - bank.before;
  const end = Math.min(taps, samples.length - start);
  const offset = row * taps;
  let k = Math.max(0, -start);
  // Four sums that do not wait for each other: most of the time of a decode goes here.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (; k + 3 < end; k += 4) {
    a += rows[offset + k]! * samples[start + k]!;
    b += rows[offset + k + 1]! * samples[start + k + 1]!;
    c += rows[offset + k + 2]! * samples[start + k + 2]!;
    d += rows[offset + k + 3]! * samples[start + k + 3]!;
  }
  for (; k < end; k++) a += rows[offset + k]! * samples[start + k]!;
  return a + b + c + d;
}

function windowedSinc(t: number): number {
  if (Math.abs(t) >= CROSSINGS) return 0;
  const sinc = t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
  return sinc * bessel(BETA * Math.sqrt(1 - (t / CROSSINGS) ** 2));
}

/** Modified Bessel function of the first kind, order 0: sum ((x / 2)^k / k!)^2. */
function bessel(x: number): number {
  let [term, sum] = [1, 1];
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
