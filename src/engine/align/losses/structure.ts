import type { StructureSettings } from "../../../core/domain/alignSettings";
import { l2Normalize } from "../ops/l2Normalize";
import { matMul } from "../ops/matMul";
import { columnSums } from "../ops/normalizedDense";
import { rowSoftmax } from "../ops/rowSoftmax";
import * as tf from "../tf";

const EPSILON = 1e-12; // added inside every logarithm, as the published code does

/**
 * How near every row of a batch is to every other, as probabilities, and their matrix powers.
 *
 *   Z = normalised rows − their mean,   P = softmax_rows(Z Zᵀ / τ),   P, P², … P^levels
 *
 * The powers are neighbours of neighbours. A row is its own neighbour, and often nearly the only one
 * (`meanSelfProbability`).
 *
 * @param rows        [B, D], frozen or projected; differentiable.
 * @param temperature τ.
 * @param levels      how many powers.
 * @returns           `levels` tensors [B, B] with rows of sum 1.
 */
export function neighbourProbabilities(
  rows: tf.Tensor2D,
  temperature: number,
  levels: number,
): tf.Tensor2D[] {
  return tf.tidy(() => {
    const first = neighbourSoftmax(l2Normalize(rows), temperature);
    const powers = [first];
    while (powers.length < levels) powers.push(matMul(powers.at(-1)!, first));
    return powers;
  });
}

/**
 * The STRUCTURE regulariser of one side: how far its projection changed who is near whom.
 *
 *   R = (1 / L) Σ_l (1 / l) D(P_X^l, P_A^l),   l = 1 … L
 *
 * D is the mean over rows of the published code's reversed divergence ½ KL(M‖P_A) + ½ KL(M‖P_X),
 * or of the Jensen-Shannon divergence ½ KL(P_X‖M) + ½ KL(P_A‖M), at most ln 2; M is the midpoint.
 * Scale and rotation of the projection change nothing. The caller averages both sides and multiplies
 * with λ. Each level beyond the first costs a product of [B, B] matrices per side.
 *
 * @param frozen   `neighbourProbabilities` of the encoder's rows, one per level; no gradient.
 * @param aligned  [B, P] their projections, normalised or not.
 * @param settings divergence, temperature and levels are read.
 * @returns        [] in nats.
 *
 * Source: Gröger, Wen, Le and Brbić, NeurIPS 2025, arXiv 2506.16895; repository
 * mlbio-epfl/STRUCTURE.
 */
export function structureLoss(
  frozen: readonly tf.Tensor2D[],
  aligned: tf.Tensor2D,
  { divergence, temperature, levels }: StructureSettings,
): tf.Scalar {
  return tf.tidy(() => {
    const compare = divergence === "code" ? reversedDivergence : jensenShannon;
    const terms = neighbourProbabilities(aligned, temperature, levels).map((moved, i) =>
      tf.mul(compare(frozen[i]!, moved), 1 / ((i + 1) * levels)),
    );
    return tf.addN(terms) as tf.Scalar;
  });
}

/**
 * Mean probability of a row being its own neighbour. Near 1 the regulariser says little about the
 * others; a higher temperature helps.
 *
 * @param probabilities [B, B], the first of `neighbourProbabilities`.
 */
export function meanSelfProbability(probabilities: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => {
    const size = probabilities.shape[0];
    return tf.div<tf.Scalar>(tf.sum(tf.mul(probabilities, tf.eye(size))), size);
  });
}

/**
 * P = softmax_rows(Z Zᵀ / τ) of the centred rows Z. Gradient: with dS = P ∘ (dP − rowsum(dP ∘ P)),
 * dZ = (dS + dSᵀ) Z / τ, from which centring takes the column means.
 */
function neighbourSoftmax(unit: tf.Tensor2D, temperature: number): tf.Tensor2D {
  const op = tf.customGrad((...args: unknown[]) => {
    const [rows, save] = args as [tf.Tensor2D, tf.GradSaveFunc];
    const centred = withoutColumnMeans(rows);
    const near = tf.div<tf.Tensor2D>(tf.matMul(centred, centred, false, true), temperature);
    const { softmax } = rowSoftmax(near);
    save([centred, softmax]);
    return {
      value: softmax,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [z, p] = saved as [tf.Tensor2D, tf.Tensor2D];
        const inner = tf.sum(tf.mul(dy, p), 1, true); // [B, 1]
        const ds = tf.mul<tf.Tensor2D>(p, tf.sub(dy, inner)); // [B, B]
        const both = tf.div<tf.Tensor2D>(tf.add(ds, tf.transpose(ds)), temperature);
        return withoutColumnMeans(tf.matMul(both, z));
      },
    };
  });
  return op(unit) as tf.Tensor2D;
}

const withoutColumnMeans = (rows: tf.Tensor2D): tf.Tensor2D =>
  tf.sub(rows, tf.div(columnSums(rows), rows.shape[0]));

const logOf = (p: tf.Tensor) => tf.log(tf.add(p, EPSILON));
const midpoint = (p: tf.Tensor, q: tf.Tensor) => tf.mul(tf.add(p, q), 0.5);

/**
 * mean_i Σ_j M (ln M − ½ (ln P + ln Q)), every logarithm of its argument + ε. With respect to Q:
 * ½ (ln M + M / (M + ε) − ½ (ln P + ln Q) − M / (Q + ε)).
 */
function reversedDivergence(frozen: tf.Tensor2D, moved: tf.Tensor2D): tf.Scalar {
  return divergenceOf(frozen, moved, (p, q) => {
    const middle = midpoint(p, q);
    const surprise = tf.sub(logOf(middle), tf.mul(tf.add(logOf(p), logOf(q)), 0.5));
    const shares = tf.sub(ratio(middle, middle), ratio(middle, q));
    return {
      terms: tf.mul(middle, surprise),
      slope: tf.mul(tf.add(surprise, shares), 0.5),
    };
  });
}

/**
 * mean_i Σ_j ½ (P (ln P − ln M) + Q (ln Q − ln M)), every logarithm of its argument + ε. With
 * respect to Q: ½ (ln Q − ln M + Q / (Q + ε) − M / (M + ε)).
 */
function jensenShannon(frozen: tf.Tensor2D, moved: tf.Tensor2D): tf.Scalar {
  return divergenceOf(frozen, moved, (p, q) => {
    const middle = midpoint(p, q);
    const log = logOf(middle);
    const surprise = tf.sub(logOf(q), log);
    const both = tf.add(tf.mul(p, tf.sub(logOf(p), log)), tf.mul(q, surprise));
    const shares = tf.sub(ratio(q, q), ratio(middle, middle));
    return { terms: tf.mul(both, 0.5), slope: tf.mul(tf.add(surprise, shares), 0.5) };
  });
}

const ratio = (top: tf.Tensor, bottom: tf.Tensor) => tf.div(top, tf.add(bottom, EPSILON));

/** Per entry of [B, B]: what it adds to the sum, and how that changes with the moved side. */
type Entries = (p: tf.Tensor, q: tf.Tensor) => { terms: tf.Tensor; slope: tf.Tensor };

function divergenceOf(frozen: tf.Tensor2D, moved: tf.Tensor2D, entries: Entries): tf.Scalar {
  const rows = frozen.shape[0];
  const op = tf.customGrad((...args: unknown[]) => {
    const [q, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const { terms, slope } = entries(frozen, q);
    save([slope]);
    return {
      value: tf.div(tf.sum(terms), rows),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(saved[0]!, tf.div(dy, rows)),
    };
  });
  return op(moved) as tf.Scalar;
}
