import { dataDense } from "../ops/dataDense";
import { gelu } from "../ops/gelu";
import { matMul } from "../ops/matMul";
import { standardizeRows } from "../standardizeRows";
import * as tf from "../tf";
import type { Head, HeadTensors, ParameterSpec } from "./head";

const RANK = 64;
const OPEN_GATE = Math.log(0.1 / 0.9); // sigmoid(g) = 0.1

/**
 * A residual low-rank head with a living gate, on standardised rows x:
 *
 *   z = P x + sigmoid(g) W_2 GELU(W_1 x),   W_1 [64, D], W_2 [P, 64]
 *
 * P starts orthogonal and has no bias. The published code starts the gate at sigmoid(−∞) = 0, where
 * neither the gate nor the branch behind it ever receives a gradient; here it starts at 0.1, and
 * W_1 and W_2 like any dense layer, so that every tensor learns from the first step.
 *
 * `linear.weight` [D, P] is Pᵀ, `down.weight` [D, 64] W_1ᵀ, `up.weight` [64, P] W_2ᵀ, `gate` [] g.
 *
 * Source: after Gröger, Wen, Le and Brbić, NeurIPS 2025, arXiv 2506.16895; repository
 * mlbio-epfl/STRUCTURE.
 */
export const lowRank: Head = {
  kind: "low-rank",
  dropout: 0,
  standardize: standardizeRows,

  parameters(inputWidth, dimension): readonly ParameterSpec[] {
    const start = { orthogonal: true } as const;
    return [
      { name: "linear.weight", shape: [inputWidth, dimension], decayed: true, start },
      {
        name: "down.weight",
        shape: [inputWidth, RANK],
        decayed: true,
        start: { fanIn: inputWidth },
      },
      { name: "up.weight", shape: [RANK, dimension], decayed: true, start: { fanIn: RANK } },
      { name: "gate", shape: [], decayed: false, start: { constant: OPEN_GATE } },
    ];
  },

  apply(tensors: HeadTensors, standardized: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const linear = dataDense(standardized, tensors["linear.weight"] as tf.Tensor2D); // [B, P]
      const down = dataDense(standardized, tensors["down.weight"] as tf.Tensor2D); // [B, 64]
      const branch = matMul(gelu(down), tensors["up.weight"] as tf.Tensor2D); // [B, P]
      return tf.add(linear, tf.mul(branch, tf.sigmoid(tensors["gate"] as tf.Scalar)));
    });
  },
};
