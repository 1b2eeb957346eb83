import { rowSoftmax } from "../ops/rowSoftmax";
import * as tf from "../tf";
import { sameGroup } from "./sameGroup";

const REMOVED = -1e9; // exp of it is 0 in float32, and NaN still spreads

/**
 * Symmetric InfoNCE where rows of one group are no negatives of each other:
 *
 *   L = −½ mean_i [ log softmax(M_i·)_i + log softmax(M_·i)_i ]
 *
 * M is S = exp(t) A Bᵀ without the entries i ≠ j of one group. With groups of one it is `infoNce`.
 * For batches that may hold several captions of a picture, each as a pair of its own.
 *
 * @param a        [B, P] projected embeddings, rows L2-normalised.
 * @param b        [B, P] projected embeddings, rows L2-normalised.
 * @param logScale [] log of the logit scale.
 * @param groups   [B] connected component of each pair.
 * @returns        [] mean loss in nats.
 */
export function maskedInfoNce(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  logScale: tf.Scalar,
  groups: Uint32Array,
): tf.Scalar {
  const size = a.shape[0];
  return tf.tidy(() => {
    const diagonal = sameGroup(size, null);
    const removed = tf.mul<tf.Tensor2D>(tf.sub(sameGroup(size, groups), diagonal), REMOVED);
    return contrast(a, b, logScale, { target: diagonal, removed });
  });
}

/**
 * Symmetric InfoNCE where rows of one group share the target:
 *
 *   L = −½ mean_i Σ_j T_ij [ log softmax(S_i·)_j + log softmax(S_·i)_j ],   T_ij = 1 / |group of i|
 *
 * for i and j of one group, else 0. Its least value is the mean log of the group sizes. With groups
 * of one it is `infoNce`.
 *
 * @param a        [B, P] projected embeddings, rows L2-normalised.
 * @param b        [B, P] projected embeddings, rows L2-normalised.
 * @param logScale [] log of the logit scale.
 * @param groups   [B] connected component of each pair.
 * @returns        [] mean loss in nats.
 */
export function softInfoNce(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  logScale: tf.Scalar,
  groups: Uint32Array,
): tf.Scalar {
  return tf.tidy(() => {
    const same = sameGroup(a.shape[0], groups);
    const target = tf.div<tf.Tensor2D>(same, tf.sum(same, 1, true));
    return contrast(a, b, logScale, { target, removed: null });
  });
}

interface Contrast {
  /** T [B, B], symmetric, rows and columns of sum 1. */
  readonly target: tf.Tensor2D;
  /** [B, B] added to the logits before the softmaxes; null: nothing is. */
  readonly removed: tf.Tensor2D | null;
}

/** G = dL/dS = (softmax_rows(M) + softmax_columns(M) − 2 T) / 2B, applied as in infoNce.ts. */
function contrast(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  logScale: tf.Scalar,
  { target, removed }: Contrast,
): tf.Scalar {
  const op = tf.customGrad((...args: unknown[]) => {
    const [left, right, t, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.Scalar, tf.GradSaveFunc];
    const scale = tf.exp(t);
    const logits = tf.mul<tf.Tensor2D>(tf.matMul(left, right, false, true), scale); // [B, B]
    const compared = removed ? tf.add<tf.Tensor2D>(logits, removed) : logits;
    const rows = rowSoftmax(compared);
    const columns = rowSoftmax(tf.transpose(compared));
    const aimed = tf.sum(tf.mul(target, logits), 1); // [B]
    const losses = tf.sub(tf.add(rows.logSum, columns.logSum), tf.mul(aimed, 2)); // [B]
    const weights = tf.sub(tf.add(rows.softmax, tf.transpose(columns.softmax)), tf.mul(target, 2)); // [B, B]: 2B G
    save([left, right, scale, logits, weights as tf.Tensor]);
    return { value: tf.mul(tf.mean(losses), 0.5), gradFunc: gradients };
  });
  return op(a, b, logScale) as tf.Scalar;
}

function gradients(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [a, b, scale, logits, weights] = saved as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Scalar,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const perPair = tf.mul(dy, 1 / (2 * a.shape[0])); // []
  const outer = tf.mul(perPair, scale);
  return [
    tf.mul(tf.matMul(weights, b), outer),
    tf.mul(tf.matMul(weights, a, true), outer),
    tf.mul(tf.sum(tf.mul(weights, logits)), perPair),
  ];
}
