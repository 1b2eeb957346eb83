import type { Matrix } from "../math/matrix";
import { KERNEL_LENGTH, spanOf, type Kernel } from "./kernels";

/**
 * A kernel's answer at every time of a window, as if zeros went before and followed:
 *
 *   y_t = sum_c sum_j w_cj x_(first + c)(t + (j - 4) dilation)
 *
 * @param window [channels, T]
 * @param into [T], overwritten.
 */
export function convolve(kernel: Kernel, window: Matrix, into: Float64Array): void {
  const { dilation, first, weights } = kernel;
  const { data, cols } = window;
  into.fill(0);
  for (let c = 0; c < spanOf(kernel); c++) {
    const at = (first + c) * cols;
    for (let j = 0; j < KERNEL_LENGTH; j++) {
      const weight = weights[c * KERNEL_LENGTH + j]!;
      const shift = (j - (KERNEL_LENGTH - 1) / 2) * dilation;
      const end = Math.min(cols, cols - shift);
      for (let t = Math.max(0, -shift); t < end; t++) into[t]! += weight * data[at + shift + t]!;
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
  window: Matrix,
  out: Float64Array,
): void {
  const answers = new Float64Array(window.cols);
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
