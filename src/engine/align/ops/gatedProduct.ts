import * as tf from "../tf";

const LARGEST = 1_000;

/**
 * ReLU6(g) ∘ clip(v, ±1,000) for g the first half of the columns and v the second.
 * Gradient: dg = dy ∘ clip(v) where 0 < g < 6, dv = dy ∘ ReLU6(g) where |v| < 1,000.
 *
 * Built from maximum and minimum, because the wasm kernels of relu6 and clip turn NaN into a number
 * and would hide a divergence.
 *
 * @param both [B, 2H]
 * @returns    [B, H]
 *
 * Source: Zhang, Yang and Agrawal, CVPR 2025, arXiv 2412.04616.
 */
export function gatedProduct(both: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((...args: unknown[]) => {
    const [input, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const [gate, value] = tf.split(input, 2, 1) as [tf.Tensor2D, tf.Tensor2D]; // [B, H] each
    const open = between(gate, 0, 6);
    const clipped = between(value, -LARGEST, LARGEST);
    save([gate, value, open, clipped]);
    return { value: tf.mul(open, clipped), gradFunc: gradient };
  });
  return op(both) as tf.Tensor2D;
}

function gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor {
  const [gate, value, open, clipped] = saved as tf.Tensor2D[] as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  // A value inside its bounds is the one that was kept as it is.
  const inside = tf.logicalAnd(tf.greater(gate, 0), tf.equal(gate, open));
  const dGate = tf.mul(tf.mul(dy, clipped), tf.cast(inside, "float32"));
  const dValue = tf.mul(tf.mul(dy, open), tf.cast(tf.equal(value, clipped), "float32"));
  return tf.concat([dGate, dValue], 1);
}

// The tensor first: with the number first, the wasm kernel's comparison loses NaN.
const between = (x: tf.Tensor2D, low: number, high: number) =>
  tf.minimum<tf.Tensor2D>(tf.maximum(x, low), high);
