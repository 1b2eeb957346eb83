import type { Matrix } from "../math/matrix";
import { KERNEL_LENGTH, spanOf, type Kernel } from "./kernels";

const REACH = (KERNEL_LENGTH - 1) / 2; // steps from a kernel's middle to its ends

/** A window between zeros, so that a kernel may look beyond its ends. */
export interface PaddedWindow {
  /** [channels, before + T + before] */
  readonly data: Float32Array<ArrayBuffer>;
  /** T */
  readonly times: number;
  /** Zeros before, and as many after. */
  readonly before: number;
}

/** A window ready for kernels of dilations up to `dilation`. */
export function padWindow({ data, rows, cols }: Matrix, dilation: number): PaddedWindow {
  const before = REACH * dilation;
  const stride = cols + 2 * before;
  const out = new Float32Array(rows * stride);
  for (let c = 0; c < rows; c++) {
    out.set(data.subarray(c * cols, (c + 1) * cols), c * stride + before);
  }
  return { data: out, times: cols, before };
}

/**
 * A kernel's answer at every time of a window, as if zeros went before and followed:
 *
 *   y_t = sum_c sum_j w_cj x_(first + c)(t + (j - 4) dilation)
 *
 * @param into [T], overwritten.
 */
export function convolve(kernel: Kernel, window: PaddedWindow, into: Float64Array): void {
  const { dilation: d, first, weights } = kernel;
  const { data: x, times, before } = window;
  into.fill(0);
  for (let c = 0; c < spanOf(kernel); c++) {
    const start = (first + c) * (times + 2 * before) + before - REACH * d;
    // All nine by name: the inner loop is nearly all of the work, and this is three times as fast.
    const [a = 0, b = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0] = weights.subarray(
      c * KERNEL_LENGTH,
      (c + 1) * KERNEL_LENGTH,
    );
    for (let t = 0, at = start; t < times; t++, at++) {
      into[t]! +=
        a * x[at]! +
        b * x[at + d]! +
        e * x[at + 2 * d]! +
        f * x[at + 3 * d]! +
        g * x[at + 4 * d]! +
        h * x[at + 5 * d]! +
        i * x[at + 6 * d]! +
        j * x[at + 7 * d]! +
        k * x[at + 8 * d]!;
    }
  }
}

/** A kernel with what turns its answers into steps: `gain · y + bias`. */
export interface TunedKernel extends Kernel {
  readonly gain: number;
  readonly bias: number;
}

/**
 * The two features of each kernel over a window, before they are standardised:
 *
 *   v_t = gain · y_t + bias      share = mean_t clip(v_t, 0, 1)      largest = max_t v_t
 *
 * The share is ROCKET's proportion of positive values with a ramp in place of the step, so that
 * rounding in another order cannot turn a 0 into a 1.
 *
 * @param out [2K]: the shares, then the largest values.
 */
export function poolKernels(
  kernels: readonly TunedKernel[],
  window: PaddedWindow,
  out: Float64Array,
): void {
  const answers = new Float64Array(window.times);
  kernels.forEach((kernel, k) => {
    convolve(kernel, window, answers);
    let sum = 0;
    let largest = -Infinity;
    for (let t = 0; t < answers.length; t++) {
      const value = kernel.gain * answers[t]! + kernel.bias;
      sum += value > 1 ? 1 : value > 0 ? value : 0;
      if (value > largest) largest = value;
    }
    out[k] = sum / answers.length;
    out[kernels.length + k] = largest;
  });
}
