import { matrix64, type Matrix64 } from "../math/linalg/matrix64";
import type { Matrix } from "../math/matrix";
import { padWindow, poolKernels, type TunedKernel } from "./convolve";
import { drawKernels, type KernelPlan } from "./kernels";
import { reduceFeatures, type Reduction } from "./reduce";
import { scaleOf, standardiseFeatures, type FeatureScale } from "./standardise";
import { tuneKernel } from "./tune";

/** A whole encoder of random kernels: nothing in it was trained. */
export interface FittedKernels {
  readonly plan: KernelPlan;
  readonly kernels: readonly TunedKernel[];
  readonly scale: FeatureScale;
  /** Absent: the embedding is the 2K standardised features. */
  readonly reduction?: Reduction;
}

/** What to fit kernels to. */
export interface FitOptions {
  readonly plan: KernelPlan;
  /** Each [channels, T], standardised. Training items only: thresholds and scales come from them. */
  readonly calibration: readonly Matrix[];
  /** Width of the embedding; absent: 2K. */
  readonly width?: number;
}

/** How far a fit is, in windows and kernels alike: `done` of `total` pieces of equal size. */
export interface FitStep {
  readonly done: number;
  readonly total: number;
}

const KERNELS_A_STEP = 50; // of tuning, about as much work as the features of one window

/**
 * Fits an encoder piece by piece, so that a worker can answer in between: draws the kernels, tunes
 * them, standardises their features over the calibration and, for a `width`, reduces them.
 *
 * @throws AppError as `drawKernels`, `tuneKernel`, `scaleOf` and `reduceFeatures`.
 */
export function* fitKernels({
  plan,
  calibration,
  width,
}: FitOptions): Generator<FitStep, FittedKernels> {
  const drawn = drawKernels(plan);
  const total = Math.ceil(drawn.length / KERNELS_A_STEP) + calibration.length;
  let done = 0;
  const kernels: TunedKernel[] = [];
  const windows = calibration.map((window) => padWindow(window, Math.max(...plan.dilations)));
  const tuning = { seed: plan.seed, windows };
  for (let k = 0; k < drawn.length; k += KERNELS_A_STEP) {
    const some = drawn.slice(k, k + KERNELS_A_STEP);
    kernels.push(...some.map((kernel, i) => tuneKernel(kernel, k + i, tuning)));
    yield { done: ++done, total };
  }
  const features = matrix64(calibration.length, 2 * kernels.length);
  for (const [i, window] of windows.entries()) {
    poolKernels(kernels, window, rowOf(features, i));
    yield { done: ++done, total };
  }
  const scale = scaleOf(features);
  standardiseFeatures(features, scale);
  const fitted = { plan, kernels, scale };
  if (width === undefined) return fitted;
  return { ...fitted, reduction: reduceFeatures(features, width, plan.seed) };
}

/**
 * The embedding of one window in float64: what the ONNX model of the same kernels gives, computed
 * another way.
 *
 * @param window [channels, T], standardised.
 * @returns [width]
 */
export function embedWindow(
  { plan, kernels, scale, reduction }: FittedKernels,
  window: Matrix,
): Float64Array {
  const features = matrix64(1, 2 * kernels.length);
  const padded = padWindow(window, Math.max(...plan.dilations));
  poolKernels(kernels, padded, features.data);
  standardiseFeatures(features, scale);
  if (!reduction) return features.data;
  const { width, weights } = reduction;
  const out = new Float64Array(width);
  features.data.forEach((value, f) => {
    for (let d = 0; d < width; d++) out[d]! += value * weights[f * width + d]!;
  });
  return out.map((value, d) => value * reduction.scale[d]!);
}

/** Numbers an embedding has. */
export function widthOf({ kernels, reduction }: FittedKernels): number {
  return reduction?.width ?? 2 * kernels.length;
}

function rowOf({ data, cols }: Matrix64, i: number): Float64Array {
  return data.subarray(i * cols, (i + 1) * cols);
}
