import { gatedProduct } from "../ops/gatedProduct";
import { matMul } from "../ops/matMul";
import { standardizeRows } from "../standardizeRows";
import * as tf from "../tf";
import type { Head, HeadTensors, ParameterSpec } from "./head";
import { inputLayer, normParameters } from "./inputLayer";

const DEFAULT_EXPANSION = 2;

/**
 * SAIL's gated head, with u = LayerNorm(x) and a hidden width H of `expansion` times the input:
 *
 *   h = ReLU6(W_1 u + c_1) ∘ clip(W_2 u + c_2, ±1,000),   z = W_3 h + c_3
 *
 * `input.weight` [D, 2H] holds W_1ᵀ in its first H columns and W_2ᵀ in the rest, so that both are
 * one product; `input.bias` [2H] likewise. `output.weight` [H, P] is W_3ᵀ. Weights start
 * Xavier-uniform, biases zero.
 *
 * Source: Zhang, Yang and Agrawal, CVPR 2025, arXiv 2412.04616; repository lezhang7/SAIL.
 */
export const sail: Head = {
  kind: "sail",
  dropout: 0,
  standardize: standardizeRows,

  parameters(inputWidth, dimension, options): readonly ParameterSpec[] {
    const hidden = inputWidth * (options?.expansion ?? DEFAULT_EXPANSION);
    const zero = { constant: 0 };
    const input = { xavier: [inputWidth, hidden] } as const;
    const output = { xavier: [hidden, dimension] } as const;
    return [
      ...normParameters(inputWidth),
      { name: "input.weight", shape: [inputWidth, 2 * hidden], decayed: true, start: input },
      { name: "input.bias", shape: [2 * hidden], decayed: false, start: zero },
      { name: "output.weight", shape: [hidden, dimension], decayed: true, start: output },
      { name: "output.bias", shape: [dimension], decayed: false, start: zero },
    ];
  },

  apply(tensors: HeadTensors, standardized: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const both = inputLayer(tensors, standardized); // [B, 2H]
      const out = matMul(gatedProduct(both), tensors["output.weight"] as tf.Tensor2D);
      return tf.add(out, tensors["output.bias"] as tf.Tensor1D);
    });
  },
};
