import * as tf from "../tf";

/**
 * X W for rows X that are data and never differentiated: dW = Xᵀ dZ, and no product for dX.
 *
 * @param x      [B, D]
 * @param weight [D, M]
 * @returns      [B, M]
 */
export function dataDense(x: tf.Tensor2D, weight: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((...args: unknown[]) => {
    const [w, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    save([x]);
    return {
      value: tf.matMul(x, w),
      gradFunc: (dz: tf.Tensor, saved: tf.Tensor[]) => [
        tf.matMul(saved[0] as tf.Tensor2D, dz as tf.Tensor2D, true),
      ],
    };
  });
  return op(weight) as tf.Tensor2D;
}
