import * as tf from "../tf";

/**
 * GELU in its exact form, as PyTorch's default: gelu(x) = x · Φ(x), Φ(x) = ½ (1 + erf(x / √2)).
 * Gradient: Φ(x) + x · φ(x), φ the normal density.
 *
 * Source: Hendrycks and Gimpel 2016, arXiv 1606.08415.
 *
 * @param x any shape
 * @returns the shape of `x`
 */
export function gelu<T extends tf.Tensor>(x: T): T {
  const op = tf.customGrad((...args: unknown[]) => {
    const [input, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const distribution = tf.mul(tf.add(tf.erf(tf.mul(input, Math.SQRT1_2)), 1), 0.5);
    save([input, distribution]);
    return { value: tf.mul(input, distribution), gradFunc: gradient };
  });
  return op(x) as T;
}

function gradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor {
  const [input, distribution] = saved as [tf.Tensor, tf.Tensor];
  const density = tf.mul(tf.exp(tf.mul(tf.square(input), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return tf.mul(dy, tf.add(distribution, tf.mul(input, density)));
}
