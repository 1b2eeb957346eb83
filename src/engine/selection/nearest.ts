import { normalizeRows, type Matrix } from "../../core/math/matrix";
import { neighboursOf, takeNearest, type Neighbours } from "../../core/metrics/mutualKnn";
import { breathe } from "../align/breathe";
import * as tf from "../align/tf";

const BLOCK_ROWS = 256; // 256 x 5,000 scores = 5 MB, and 0.2 s of one thread at D = 1,280

export interface NearestOptions {
  readonly k: number;
  /** Items of equal number are not each other's neighbours. */
  readonly apart?: ArrayLike<number>;
  readonly signal?: AbortSignal;
  /** Told how many more items have their neighbours. */
  readonly onItems?: (items: number) => void;
}

/**
 * The k nearest others of every item by cosine. A vector of zeros is as near to everything.
 *
 * Costs n²·D multiply-adds in float32, on the open tfjs backend, block by block.
 *
 * @param items [n, D], raw.
 * @throws AppError `data/too-few`, `data/non-finite`, `cancelled`.
 */
export async function nearest(items: Matrix, options: NearestOptions): Promise<Neighbours> {
  const found = neighboursOf(items.rows, options.k);
  const { data, rows, cols } = normalizeRows(items);
  const gallery = tf.tidy(() => tf.transpose(tf.tensor2d(data, [rows, cols])) as tf.Tensor2D);
  try {
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      await breathe(options.signal);
      const size = Math.min(BLOCK_ROWS, rows - start);
      const block = data.subarray(start * cols, (start + size) * cols);
      const scores = tf.tidy(() => tf.matMul(tf.tensor2d(block, [size, cols]), gallery));
      try {
        takeNearest(found, await scores.data(), start, options.apart);
      } finally {
        scores.dispose();
      }
      options.onItems?.(size);
    }
  } finally {
    gallery.dispose();
  }
  return found;
}
