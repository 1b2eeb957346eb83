import { rowSoftmax } from "../ops/rowSoftmax";
import * as tf from "../tf";

const BLOCK_ROWS = 8_192; // 33 MB of logits at a batch of 1,024: memory stays flat in the corpus
const REMOVED = -1e9; // exp of it is 0 in float32, and NaN still spreads

/** Every training item of the locked side, which a step compares its batch with. */
export interface Corpus {
  /** [M, P], rows L2-normalised. */
  readonly rows: tf.Tensor2D;
  /** [B] corpus row of each batch item's own partner. */
  readonly positive: Uint32Array;
  /**
   * For each batch item, further corpus rows that are no negatives: other partners of the same
   * component, items equal to one of them.
   */
  readonly masked: readonly ArrayLike<number>[];
}

/**
 * InfoNCE of a trained side against everything the locked side has, and back within the batch:
 *
 *   L = −½ mean_i [ log exp(S_ii) / (exp(S_ii) + Σ_j∈N(i) exp(s a_i · c_j)) + log softmax(S_·i)_i ]
 *
 * S = s A Bᵀ, s = exp(t), c the corpus, N(i) all its rows but i's partner and those masked for i.
 * With the batch itself as the corpus it is `infoNce`. The corpus gets no gradient. It is passed
 * through in blocks whose softmax is accumulated, so that memory does not grow with it; a step costs
 * 4 · B · M · P multiply-adds.
 *
 * @param a        [B, P] projections of the trained side, rows L2-normalised.
 * @param b        [B, P] their partners, rows L2-normalised.
 * @param logScale [] log of the logit scale.
 * @returns        [] mean loss in nats.
 *
 * Source: our choice; the in-batch loss is Radford et al. 2021, the accumulation Milakov and
 * Gimelshein 2018, arXiv 1805.02867.
 */
export function corpusInfoNce(
  a: tf.Tensor2D,
  b: tf.Tensor2D,
  logScale: tf.Scalar,
  corpus: Corpus,
): tf.Scalar {
  const op = tf.customGrad((...args: unknown[]) => {
    const [left, right, t, save] = args as [tf.Tensor2D, tf.Tensor2D, tf.Scalar, tf.GradSaveFunc];
    const scale = tf.exp<tf.Scalar>(t);
    const logits = tf.mul<tf.Tensor2D>(tf.matMul(left, right, false, true), scale); // [B, B]
    const positives = tf.mul<tf.Tensor2D>(tf.sum(tf.mul(left, right), 1, true), scale); // [B, 1]
    const columns = rowSoftmax(tf.transpose(logits));
    const backWeights = tf.transpose(columns.softmax);
    const rows = passCorpus({ a: left, b: right, scale, positives }, corpus);
    const sums = tf.add(rows.logSum, columns.logSum); // [B]
    const losses = tf.sub(sums, tf.mul(tf.reshape(positives, [-1]), 2));
    const backLogits = tf.sum(tf.mul(backWeights, logits));
    const inner = tf.sub(tf.add(tf.sum(rows.meanLogit), backLogits), tf.mul(tf.sum(positives), 2));
    save([left, right, scale, backWeights, rows.expected, rows.own, inner]);
    return { value: tf.mul(tf.mean(losses), 0.5), gradFunc: gradients };
  });
  return op(a, b, logScale) as tf.Scalar;
}

function gradients(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [a, b, scale, backWeights, expected, own, inner] = saved as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Scalar,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Scalar,
  ];
  const perPair = tf.mul(dy, 1 / (2 * a.shape[0])); // []
  const outer = tf.mul(perPair, scale);
  const da = tf.sub(tf.add(expected, tf.matMul(backWeights, b)), tf.mul(b, 2));
  const fromRows = tf.mul(a, tf.sub(own, 2)); // b is a positive of the row term, never a negative
  const db = tf.add(fromRows, tf.matMul(backWeights, a, true));
  return [tf.mul(da, outer), tf.mul(db, outer), tf.mul(inner, perPair)];
}

interface RowTerm {
  readonly a: tf.Tensor2D;
  readonly b: tf.Tensor2D;
  readonly scale: tf.Scalar;
  /** [B, 1] */
  readonly positives: tf.Tensor2D;
}

/** Sums over the corpus so far, all relative to the largest logit of each row. */
interface Accumulated {
  readonly max: tf.Tensor2D; // [B, 1]
  readonly sum: tf.Tensor2D; // [B, 1] Σ e
  readonly logits: tf.Tensor2D; // [B, 1] Σ e · logit
  readonly rows: tf.Tensor2D; // [B, P] Σ e · c
  readonly own: tf.Tensor2D; // [B, 1] e of the positive
}

/** The softmax of every row over its positive and the corpus, as the sums its gradient needs. */
function passCorpus({ a, b, scale, positives }: RowTerm, { rows, positive, masked }: Corpus) {
  const removals = removedByBlock(positive, masked);
  const one = tf.onesLike<tf.Tensor2D>(positives);
  let state: Accumulated = { max: positives, sum: one, logits: positives, rows: b, own: one };
  for (let start = 0; start < rows.shape[0]; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows.shape[0] - start);
    const next: Accumulated = tf.tidy(() => {
      const block = tf.slice(rows, [start, 0], [count, -1]);
      const plain = tf.mul<tf.Tensor2D>(tf.matMul(a, block, false, true), scale); // [B, count]
      const removed = removals.get(start);
      const logits = removed ? tf.add<tf.Tensor2D>(plain, scatter(removed, plain.shape)) : plain;
      const max = tf.maximum<tf.Tensor2D>(state.max, tf.max(logits, 1, true));
      const e = tf.exp(tf.sub<tf.Tensor2D>(logits, max));
      const shrink = tf.exp(tf.sub(state.max, max));
      const grown = (held: tf.Tensor2D, more: tf.Tensor): tf.Tensor2D =>
        tf.add(tf.mul(held, shrink), more);
      return {
        max,
        sum: grown(state.sum, tf.sum(e, 1, true)),
        logits: grown(state.logits, tf.sum(tf.mul(e, plain), 1, true)),
        rows: grown(state.rows, tf.matMul(e, block)),
        own: tf.mul<tf.Tensor2D>(state.own, shrink),
      };
    }) as unknown as Accumulated;
    state = next;
  }
  return {
    logSum: tf.reshape(tf.add(tf.log(state.sum), state.max), [-1]), // [B]
    /** [B, P] Σ_j softmax_j c_j. */
    expected: tf.div<tf.Tensor2D>(state.rows, state.sum),
    /** [B, 1] Σ_j softmax_j logit_j. */
    meanLogit: tf.div(state.logits, state.sum),
    /** [B, 1] softmax of the positive. */
    own: tf.div<tf.Tensor2D>(state.own, state.sum),
  };
}

/** (batch item, column within the block) of every removed entry, by the block's first row. */
function removedByBlock(positive: Uint32Array, masked: Corpus["masked"]): Map<number, number[]> {
  const removed = new Map<number, number[]>();
  positive.forEach((partner, i) => {
    const all = new Set([partner, ...Array.from(masked[i] ?? [])]); // twice would sum
    for (const row of all) {
      const start = row - (row % BLOCK_ROWS);
      const entries = removed.get(start) ?? [];
      entries.push(i, row - start);
      removed.set(start, entries);
    }
  });
  return removed;
}

function scatter(entries: readonly number[], shape: [number, number]): tf.Tensor2D {
  const count = entries.length / 2;
  const indices = tf.tensor2d(Int32Array.from(entries), [count, 2], "int32");
  return tf.scatterND(indices, tf.fill([count], REMOVED), shape);
}
