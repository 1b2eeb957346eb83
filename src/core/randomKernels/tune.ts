import { AppError } from "../errors";
import { permutation, rng, seedFrom } from "../math/rng";
import { convolve, type PaddedWindow, type TunedKernel } from "./convolve";
import { normOf, type Kernel } from "./kernels";

/** Of a kernel's standard deviation over the calibration: how far the ramp goes from 0 to 1. */
const RAMP = 0.5;

const MOST_WINDOWS = 128; // of the calibration, looked at for quantiles
const TIMES = 32; // of each of them
const LEAST_DEVIATION = 1e-3; // of a unit kernel's answers; below, the channels do not change

/** What kernels are tuned on. */
export interface Tuning {
  readonly seed: number;
  /** Standardised; at least one. */
  readonly windows: readonly PaddedWindow[];
}

/**
 * A kernel whose ramp is centred on a random quantile of its own answers over the calibration and
 * `RAMP` of their standard deviation long.
 *
 * @param index the kernel's own number, which its quantile is drawn from.
 * @throws AppError `data/shape` without windows.
 */
export function tuneKernel(kernel: Kernel, index: number, { seed, windows }: Tuning): TunedKernel {
  if (windows.length === 0) throw new AppError("data/shape", "no windows to tune kernels on");
  const norm = normOf(kernel);
  const answers = Float64Array.from(sampleAnswers(kernel, { seed, windows }), (y) => y / norm);
  const mean = answers.reduce((sum, y) => sum + y, 0) / answers.length;
  const variance = answers.reduce((sum, y) => sum + (y - mean) ** 2, 0) / answers.length;
  const deviation = Math.max(Math.sqrt(variance), LEAST_DEVIATION);
  answers.sort();
  const share = rng(seedFrom("quantile", seed, index))();
  const threshold = answers[Math.floor(share * answers.length)] ?? 0;
  const slope = 1 / (RAMP * deviation);
  return {
    ...kernel,
    gain: Math.fround(slope / norm),
    bias: Math.fround(0.5 - threshold * slope),
  };
}

/** Answers at random times of random windows; the same for every kernel of one seed. */
function sampleAnswers(kernel: Kernel, { seed, windows }: Tuning): Float64Array {
  const random = rng(seedFrom("calibration", seed));
  const order = permutation(windows.length, random).subarray(0, MOST_WINDOWS);
  const sample = new Float64Array(order.length * TIMES);
  let answers = new Float64Array();
  order.forEach((index, i) => {
    const window = windows[index];
    if (!window) return;
    if (answers.length !== window.times) answers = new Float64Array(window.times);
    convolve(kernel, window, answers);
    for (let j = 0; j < TIMES; j++) {
      sample[i * TIMES + j] = answers[Math.floor(random() * answers.length)] ?? 0;
    }
  });
  return sample;
}
