import { rowSoftmax } from "../ops/rowSoftmax";
import * as tf from "../tf";

/**
 * Symmetric InfoNCE, the CLIP loss (Radford et al. 2021, Fig. 3; van den Oord et al. 2018, Eq. 4).
 *
 *   S = exp(t) · A Bᵀ          t = log logit scale
 *   L = ½ · mean_i [ -log softmax(S_i·)_i  -  log softmax(S_·i)_i ]
 *
 * Row i of `a` and row i of `b` are a pair; every other row of the batch is a negative, so
 * duplicates within a batch are false negatives. Written with its gradient,
 *
 *   G = dL/dS = (softmax_rows(S) + softmax_columns(S) − 2 I) / 2B
 *   dA = exp(t) G B,   dB = exp(t) Gᵀ A,   dt = Σ_ij G_ij S_ij
 *
 * so that the softmaxes are computed once and nothing is transposed but them.
 *
 * @param a        [B, P] projected embeddings, rows L2-normalised.
 * @param b        [B, P] projected embeddings, rows L2-normalised.
 * @param logScale [] log of the logit scale (inverse temperature), e.g. log(1 / 0.07).
 * @returns        [] mean loss in nats; log(B) for a collapsed projector.
 */
export function infoNce(a: tf.Tensor2D, b: tf.Tensor2D, logScale: tf.Scalar): tf.Scalar {
  const op = tf.customGrad((...args: unknown[]) => {
    const [left, right, t, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.Scalar, tf.GradSaveFunc];
    const scale = tf.exp(t);
    const logits = tf.mul<tf.Tensor2D>(tf.matMul(left, right, false, true), scale); // [B, B]
    const positives = tf.mul(tf.sum(tf.mul(left, right), 1), scale); // [B]
    const rows = rowSoftmax(logits);
    const columns = rowSoftmax(tf.transpose(logits));
    const losses = tf.sub(tf.add(rows.logSum, columns.logSum), tf.mul(positives, 2)); // [B]
    const weights = tf.add(rows.softmax, tf.transpose(columns.softmax)); // [B, B]
    save([left, right, scale, logits, positives, weights]);
    return { value: tf.mul(tf.mean(losses), 0.5), gradFunc: gradients };
  });
  return op(a, b, logScale) as tf.Scalar;
}

function gradients(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [a, b, scale, logits, positives, weights] = saved as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Scalar,
    tf.Tensor2D,
    tf.Tensor1D,
    tf.Tensor2D,
  ];
  const perPair = tf.mul(dy, 1 / (2 * a.shape[0])); // []
  const outer = tf.mul(perPair, scale);
  // The −2 I of G, applied without building it: (W − 2 I) B = W B − 2 B.
  const da = tf.mul(tf.sub(tf.matMul(weights, b), tf.mul(b, 2)), outer);
  const db = tf.mul(tf.sub(tf.matMul(weights, a, true), tf.mul(a, 2)), outer);
  const inner = tf.sub(tf.sum(tf.mul(weights, logits)), tf.mul(tf.sum(positives), 2));
  return [da, db, tf.mul(inner, perPair)];
}
