import { isSilent } from "./loudness";

/** Loudness is taken of pieces of 20 ms. */
const PIECE_SECONDS = 0.02;

/** Three pieces in a row make a sound; a single one may be a click of the microphone's button. */
const SHORTEST_RUN = 3;

/** Kept before, so that soft beginnings stay; and after: clips of speech end with a pause. */
const BEFORE_SECONDS = 0.1;
const AFTER_SECONDS = 0.4;

/** The gate lies so far above the quietest tenth of the pieces … */
const ABOVE_NOISE_DB = 9;
/** … but never further below the loudest piece than this, and never nearer to it than that. */
const FURTHEST_BELOW_PEAK_DB = 40;
const NEAREST_BELOW_PEAK_DB = 20;

/**
 * A recording without the silence before and after it, of which 100 ms and 400 ms stay.
 *
 * Loudness is the root mean square over 20 ms. A piece is loud when it passes the gate, 9 dB above the
 * quietest tenth of the pieces, kept between 40 and 20 dB below the loudest piece; the sound runs from
 * the first to the last three loud pieces in a row. Pauses within it stay. What is silent throughout,
 * too short to tell, or loud nowhere for 60 ms comes back as it is.
 *
 * @param samples mono, full scale is 1.
 * @param rate Hz
 * @returns the same array, or a copy of a part of it.
 */
export function trimSilence(
  samples: Float32Array<ArrayBuffer>,
  rate: number,
): Float32Array<ArrayBuffer> {
  const size = Math.round(PIECE_SECONDS * rate);
  const levels = loudness(samples, size);
  if (levels.length < SHORTEST_RUN || isSilent(samples)) return samples;
  const gate = gateOf(levels);
  const isLoud = (at: number) => levels.slice(at, at + SHORTEST_RUN).every((level) => level > gate);
  const starts = Array.from({ length: levels.length - SHORTEST_RUN + 1 }, (_, at) => at).filter(
    isLoud,
  );
  const [first] = starts;
  const last = starts.at(-1);
  if (first === undefined || last === undefined) return samples;
  const from = Math.max(0, first * size - Math.round(BEFORE_SECONDS * rate));
  const end = (last + SHORTEST_RUN) * size + Math.round(AFTER_SECONDS * rate);
  const to = Math.min(samples.length, end);
  return from === 0 && to === samples.length ? samples : samples.slice(from, to);
}

/** Decibels of each whole piece; a shorter rest at the end is counted with the last one. */
function loudness(samples: Float32Array, size: number): number[] {
  const count = Math.floor(samples.length / size);
  return Array.from({ length: count }, (_, p) => {
    const piece = samples.subarray(p * size, p + 1 === count ? samples.length : (p + 1) * size);
    const power = piece.reduce((sum, x) => sum + x ** 2, 0) / piece.length;
    return 10 * Math.log10(power + 1e-12); // -120 dB: below what 16 bits can say
  });
}

function gateOf(levels: readonly number[]): number {
  const sorted = levels.toSorted((a, b) => a - b);
  const noise = sorted[Math.floor(levels.length / 10)]!;
  const peak = sorted.at(-1)!;
  const lowest = peak - FURTHEST_BELOW_PEAK_DB;
  return Math.min(peak - NEAREST_BELOW_PEAK_DB, Math.max(lowest, noise + ABOVE_NOISE_DB));
}
