import * as tf from "../tf";

/**
 * Matrix product with the gradient dA = dY · Bᵀ, dB = Aᵀ · dY. Transposed products cost nothing
 * extra on any device: on WebAssembly they run on our own kernel (kernels/matMulKernel.ts).
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
        tf.matMul(dy, saved[1]!, false, true),
        tf.matMul(saved[0]!, dy, true),
      ],
    };
  });
  return op(a, b) as tf.Tensor2D;
}
