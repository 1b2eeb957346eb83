import { gelu } from "../ops/gelu";
import { matMul } from "../ops/matMul";
import { standardizeRows } from "../standardizeRows";
import * as tf from "../tf";
import type { Head, HeadTensors, ParameterSpec } from "./head";
import { inputLayer, normParameters } from "./inputLayer";

/**
 * The freeze-align token projector on pooled embeddings:
 *
 *   h = Dropout(LayerNorm(x)),   TP(h) = W_l h + c_l + W_2 GELU(W_1 h + c_1) + c_2
 *
 * `input.weight` [D, 2P] holds W_lᵀ in its first P columns and W_1ᵀ in the rest, so that both
 * branches are one product; `input.bias` [2P] likewise. `hidden.weight` [P, P] is W_2ᵀ.
 *
 * Source: Maniparambil et al., CVPR 2025, arXiv 2409.19425; repository mayug/freeze-align.
 */
export const freezeAlign: Head = {
  kind: "freeze-align",
  dropout: 0.1,
  standardize: standardizeRows,

  parameters(inputWidth, dimension): readonly ParameterSpec[] {
    const fromInput = { fanIn: inputWidth };
    const fromHidden = { fanIn: dimension };
    const both = 2 * dimension;
    return [
      ...normParameters(inputWidth),
      { name: "input.weight", shape: [inputWidth, both], decayed: true, start: fromInput },
      { name: "input.bias", shape: [both], decayed: false, start: fromInput },
      { name: "hidden.weight", shape: [dimension, dimension], decayed: true, start: fromHidden },
      { name: "hidden.bias", shape: [dimension], decayed: false, start: fromHidden },
    ];
  },

  apply(tensors: HeadTensors, standardized: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const both = inputLayer(tensors, standardized); // [B, 2P]
      const [linear, hidden] = tf.split(both, 2, 1) as [tf.Tensor2D, tf.Tensor2D]; // [B, P] each
      const residual = matMul(gelu(hidden), tensors["hidden.weight"] as tf.Tensor2D);
      return tf.add(tf.add(linear, residual), tensors["hidden.bias"] as tf.Tensor1D);
    });
  },
};
