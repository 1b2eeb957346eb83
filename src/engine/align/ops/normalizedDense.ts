import * as tf from "../tf";

/** The affine part of a LayerNorm and the dense layer that follows it. */
export interface NormalizedDenseParameters {
  readonly gain: tf.Tensor1D;
  readonly shift: tf.Tensor1D;
  readonly weight: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/**
 * LayerNorm's gain and shift, then a dense layer, over rows that are already standardised:
 *
 *   Z = (X ∘ g + s) W + c
 *
 * X is data, never differentiated, so one large product A = Xᵀ dZ gives every gradient exactly:
 *
 *   dW = g ∘ A + s ⊗ Σ_b dZ_b,   dg_i = Σ_j W_ij A_ij,   ds = W Σ_b dZ_b,   dc = Σ_b dZ_b
 *
 * which saves the product dZ Wᵀ, a quarter of a training step. Dropout, if any, is already applied
 * to X, so that, unlike in PyTorch's LayerNorm → Dropout, it spares the shift s.
 *
 * @param x      [B, D] standardised rows, dropped-out entries zero.
 * @param parameters gain, shift [D], weight [D, M], bias [M].
 * @returns      [B, M]
 */
export function normalizedDense(x: tf.Tensor2D, parameters: NormalizedDenseParameters) {
  const op = tf.customGrad((...args: unknown[]) => {
    const [gain, shift, weight, bias, save] = args as [
      tf.Tensor1D,
      tf.Tensor1D,
      tf.Tensor2D,
      tf.Tensor1D,
      tf.GradSaveFunc,
    ];
    save([x, gain, shift, weight]);
    const normalized = tf.add(tf.mul(x, gain), shift) as tf.Tensor2D; // [B, D]
    return { value: tf.add(tf.matMul(normalized, weight), bias), gradFunc: gradients };
  });
  const { gain, shift, weight, bias } = parameters;
  return op(gain, shift, weight, bias) as tf.Tensor2D;
}

function gradients(dz: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, gain, shift, weight] = saved as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.Tensor2D];
  const [width, units] = weight.shape;
  const product = tf.matMul(x, dz, true); // [D, M]
  const column = columnSums(dz as tf.Tensor2D); // [1, M]
  const outer = tf.mul(tf.reshape(shift, [width, 1]), column); // [D, M]
  return [
    tf.sum(tf.mul(weight, product), 1),
    tf.reshape(tf.matMul(weight, tf.reshape(column, [units, 1])), [width]),
    tf.add(tf.mul(tf.reshape(gain, [width, 1]), product), outer),
    tf.reshape(column, [units]),
  ];
}

/** Column sums [1, M] as a product with ones: the reduction kernels would transpose first. */
export function columnSums(m: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(tf.ones<tf.Rank.R2>([1, m.shape[0]]), m);
}
