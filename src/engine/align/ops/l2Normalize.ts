import * as tf from "../tf";

/**
 * Rows divided by their L2 norm (floored at 1e-12): a = v / ‖v‖.
 * Gradient: dv = (da − a (a · da)) / ‖v‖.
 *
 * @param v [B, P]
 * @returns [B, P], rows of norm 1
 */
export function l2Normalize(v: tf.Tensor2D): tf.Tensor2D {
  const op = tf.customGrad((...args: unknown[]) => {
    const [input, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const norm = tf.maximum(tf.sqrt(tf.sum(tf.square(input), 1, true)), 1e-12); // [B, 1]
    const value = tf.div(input, norm);
    save([value, norm]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [unit, length] = saved as [tf.Tensor2D, tf.Tensor2D];
        const along = tf.sum(tf.mul(unit, dy), 1, true); // [B, 1]
        return tf.div(tf.sub(dy, tf.mul(unit, along)), length);
      },
    };
  });
  return op(v) as tf.Tensor2D;
}
