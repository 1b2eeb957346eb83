import * as tf from "../tf";
import { sameGroup } from "./sameGroup";

/**
 * The sigmoid loss in SAIL's form, each of the B² pairings a yes-or-no question of its own:
 *
 *   z_ij = exp(t) a_i · b_j + β,   y_ij = +1 for true pairs, else −1
 *   L = −(1 / B²) Σ_ij log sigmoid(y_ij z_ij)
 *
 * True pairs are i = j and, where groups are given, all rows of one group. For two captions of each
 * picture, average the losses of both. Gradient, with D_ij = −y_ij sigmoid(−y_ij z_ij) / B²:
 *
 *   da = exp(t) D b,   db = exp(t) Dᵀ a,   dt = Σ_ij D_ij (z_ij − β),   dβ = Σ_ij D_ij
 *
 * @param a        [B, P] projected embeddings, rows L2-normalised.
 * @param b        [B, P] projected embeddings, rows L2-normalised.
 * @param logScale [] log of the logit scale exp(t).
 * @param bias     [] β; −ln(B − 1) makes a fresh head call all pairs false, as nearly all are.
 * @param groups   [B] connected component of each pair; null: every pair is its own.
 * @returns        [] loss in nats.
 *
 * Sources: Zhai et al., ICCV 2023, arXiv 2303.15343; Zhang, Yang and Agrawal, CVPR 2025, arXiv
 * 2412.04616 (division by B²).
 */
export function sigmoidLoss(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  logScale: tf.Scalar,
  bias: tf.Scalar,
  groups: Uint32Array | null,
): tf.Scalar {
  return tf.tidy(() => {
    const signs = tf.sub<tf.Tensor2D>(tf.mul(sameGroup(a.shape[0], groups), 2), 1); // y [B, B]
    return questions(signs, [a, b, logScale, bias]);
  });
}

type Inputs = [tf.Tensor2D, tf.Tensor2D, tf.Scalar, tf.Scalar];

function questions(signs: tf.Tensor2D, inputs: Inputs): tf.Scalar {
  const op = tf.customGrad((...args: unknown[]) => {
    const [left, right, t, beta, save] = args as [...Inputs, tf.GradSaveFunc];
    const scale = tf.exp(t);
    const logits = tf.mul<tf.Tensor2D>(tf.matMul(left, right, false, true), scale); // z − β
    const wrong = tf.neg(tf.mul(signs, tf.add(logits, beta))); // −y z
    // softplus(x) = max(x, 0) + log(1 + exp(−|x|)): no exponential overflows
    const losses = tf.add(tf.maximum(wrong, 0), tf.log1p(tf.exp(tf.neg(tf.abs(wrong)))));
    save([left, right, scale, logits, tf.mul(signs, tf.sigmoid(wrong))]);
    return { value: tf.mean(losses), gradFunc: gradients };
  });
  return op(...inputs) as tf.Scalar;
}

function gradients(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [a, b, scale, logits, pull] = saved as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Scalar,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const perQuestion = tf.mul(dy, -1 / a.shape[0] ** 2); // []: D = pull · perQuestion
  const outer = tf.mul(perQuestion, scale);
  return [
    tf.mul(tf.matMul(pull, b), outer),
    tf.mul(tf.matMul(pull, a, true), outer),
    tf.mul(tf.sum(tf.mul(pull, logits)), perQuestion),
    tf.mul(tf.sum(pull), perQuestion),
  ];
}
