import { normalizedDense } from "../ops/normalizedDense";
import type * as tf from "../tf";
import type { HeadTensors, ParameterSpec } from "./head";

/** LayerNorm's gain and shift over the input, as `inputLayer` takes them. */
export function normParameters(inputWidth: number): ParameterSpec[] {
  return [
    { name: "norm.gain", shape: [inputWidth], decayed: false, start: { constant: 1 } },
    { name: "norm.shift", shape: [inputWidth], decayed: false, start: { constant: 0 } },
  ];
}

/**
 * What heads begin with: LayerNorm's gain and shift, then the dense layer `input`.
 *
 * @param tensors      `norm.gain`, `norm.shift` [D], `input.weight` [D, M], `input.bias` [M].
 * @param standardized [B, D] rows of mean 0 and variance 1.
 * @returns            [B, M]
 */
export function inputLayer(tensors: HeadTensors, standardized: tf.Tensor2D): tf.Tensor2D {
  return normalizedDense(standardized, {
    gain: tensors["norm.gain"] as tf.Tensor1D,
    shift: tensors["norm.shift"] as tf.Tensor1D,
    weight: tensors["input.weight"] as tf.Tensor2D,
    bias: tensors["input.bias"] as tf.Tensor1D,
  });
}
