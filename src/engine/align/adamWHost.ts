import type { TensorData } from "../../core/domain/projector";
import {
  BETA1,
  BETA2,
  clipGroups,
  EPSILON,
  type AdamW,
  type AdamWOptions,
  type Parameter,
} from "./adamW";
import * as tf from "./tf";

/**
 * AdamW over typed arrays, for the cpu backend, and for wasm without SIMD: one pass per tensor in
 * JavaScript costs a quarter of the ten elementwise kernels it replaces, copies included.
 */
export function openHostAdamW(options: AdamWOptions): AdamW {
  const { parameters, start, weightDecay, gradientClip = null } = options;
  const groups = clipGroups(parameters);
  const weights = arrays(parameters, start.weights);
  const first = arrays(parameters, start.firstMoments);
  const second = arrays(parameters, start.secondMoments);
  const upload = (i: number) => tf.tensor(weights[i]!, [...parameters[i]!.shape], "float32");
  let tensors = parameters.map((_, i) => upload(i));
  const copies = (from: readonly Float32Array<ArrayBuffer>[]) =>
    Object.fromEntries(
      parameters.map(({ name, shape }, i) => [name, { shape, data: from[i]!.slice() }]),
    );
  return {
    weights: () => tensors,
    async update(gradients, n, learningRate) {
      const arrived: Float32Array[] = [];
      for (const gradient of gradients) {
        arrived.push((await gradient.data()) as Float32Array);
        gradient.dispose();
      }
      if (gradientClip !== null) {
        const factors = clipFactors(arrived, groups, gradientClip);
        for (const [i, factor] of factors.entries()) scaleInPlace(arrived[i]!, factor);
      }
      for (const [i, parameter] of parameters.entries()) {
        const gradient = arrived[i]!;
        const rate = { n, learningRate, decay: parameter.decayed ? weightDecay : 0 };
        updateInPlace(weights[i]!, first[i]!, second[i]!, gradient, rate);
        if (parameter.range) clampInPlace(weights[i]!, parameter.range);
      }
      tf.dispose(tensors);
      tensors = parameters.map((_, i) => upload(i));
    },
    snapshot: async () => ({
      weights: copies(weights),
      firstMoments: copies(first),
      secondMoments: copies(second),
    }),
    snapshotWeights: async () => copies(weights),
    dispose: () => tf.dispose(tensors),
  };
}

interface Rate {
  readonly n: number;
  readonly learningRate: number;
  readonly decay: number;
}

/** One AdamW update of weights and moments, in place. Formula: see `AdamW`. */
function updateInPlace(
  weights: Float32Array,
  first: Float32Array,
  second: Float32Array,
  gradient: Float32Array,
  { n, learningRate, decay }: Rate,
): void {
  const step = learningRate / (1 - BETA1 ** n);
  const correction = 1 / Math.sqrt(1 - BETA2 ** n);
  const keep = 1 - learningRate * decay;
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i]!;
    const m = BETA1 * first[i]! + (1 - BETA1) * g;
    const v = BETA2 * second[i]! + (1 - BETA2) * g * g;
    first[i] = m;
    second[i] = v;
    weights[i] = keep * weights[i]! - (step * m) / (Math.sqrt(v) * correction + EPSILON);
  }
}

/**
 * For every gradient the factor that brings its group's joint norm down to `most`; exactly 1 for
 * groups below it and for gradients of no group.
 */
export function clipFactors(
  gradients: readonly Float32Array[],
  groups: readonly (readonly number[])[],
  most: number,
): number[] {
  const factors = gradients.map(() => 1);
  for (const group of groups) {
    let squares = 0;
    for (const i of group) squares += squaredNorm(gradients[i]!);
    const norm = Math.sqrt(squares);
    if (!(norm > most)) continue; // NaN included: the loss will tell
    for (const i of group) factors[i] = most / norm;
  }
  return factors;
}

function scaleInPlace(values: Float32Array, factor: number): void {
  if (factor === 1) return;
  for (let d = 0; d < values.length; d++) values[d] = values[d]! * factor;
}

function squaredNorm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

/** Values outside the range become its nearest end. */
export function clampInPlace(values: Float32Array, [low, high]: readonly [number, number]): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.min(Math.max(values[i]!, low), high);
}

// Copies: the arrays are updated in place, and a checkpoint may still be being written.
const arrays = (parameters: readonly Parameter[], from: Readonly<Record<string, TensorData>>) =>
  parameters.map(({ name }) => from[name]!.data.slice());
