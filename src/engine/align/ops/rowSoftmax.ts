import * as tf from "../tf";

/**
 * The softmax of every row and the logarithm of its denominator, computed once and without overflow.
 *
 * @param logits [N, M]
 * @returns      `softmax` [N, M], `logSum` [N]
 */
export function rowSoftmax(logits: tf.Tensor2D): { softmax: tf.Tensor2D; logSum: tf.Tensor1D } {
  const max = tf.max(logits, 1, true); // [N, 1]: exp never overflows, and the sum is at least 1
  const exponentials = tf.exp(tf.sub(logits, max)); // [N, M]
  const sum = tf.sum(exponentials, 1, true); // [N, 1]
  return {
    softmax: tf.div(exponentials, sum),
    logSum: tf.reshape(tf.add(tf.log(sum), max), [logits.shape[0]]),
  };
}
