import * as tf from "../tf";

/**
 * Matrix product whose gradient transposes explicitly: dA = dY · Bᵀ, dB = Aᵀ · dY.
 *
 * tfjs' own gradient asks for `transposeA`/`transposeB`, which miss the wasm backend's fast kernel
 * and cost 8 to 20 times as much.
 *
 * @param a [N, K]
 * @param b [K, M]
 * @returns [N, M]
 */
export function matMul(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((...args: unknown[]) => {
    const [left, right, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
    save([left, right]);
    return {
      value: tf.matMul(left, right),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        tf.matMul(dy, tf.transpose(saved[1]!)),
        tf.matMul(tf.transpose(saved[0]!), dy),
      ],
    };
  });
  return op(a, b) as tf.Tensor2D;
}
