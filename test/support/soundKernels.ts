import { logMel } from "../../src/core/audio/logMel";
import { matrix, type Matrix } from "../../src/core/math/matrix";
import type { KernelPlan } from "../../src/core/randomKernels/kernels";

/** What the encoder of sounds that ships with the page is drawn from. */
export const SOUND_PLAN: KernelPlan = {
  seed: 1,
  channels: 40,
  kernels: 3000,
  span: [3, 11],
  dilations: [1, 2, 3, 4, 5, 6, 7, 8],
};

/** Width of its embedding. */
export const SOUND_WIDTH = 512;

/** What its calibration has beside the training clips of the spoken sample. */
export const SYNTHETIC = { count: 230, seed: 1 } as const;

/** What it takes: the features of its catalogue entry. @returns [40, T] */
export function soundFeatures(samples: Float32Array): Matrix {
  const { data, bands, frames } = logMel(samples, {
    ...{ sampleRate: 16_000, bands: 40, windowMs: 25, hopMs: 10, low: 60, high: 7600 },
  });
  return matrix(bands, frames, data);
}
