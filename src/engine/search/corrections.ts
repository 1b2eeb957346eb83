import { AppError } from "../../core/errors";
import { dot, row, takeRows, type Matrix } from "../../core/math/matrix";
import { rng, seedFrom } from "../../core/math/rng";
import * as tf from "../align/tf";

const NEIGHBOURS = 10; // as in the paper, which found 5 to 50 to make no difference
const BANK_ROWS = 2_048; // the mean of the 10 best hardly moves beyond; 100,000 items take seconds
const BLOCK_ROWS = 256; // scored between two looks at the message queue: 256 x 2,048 x 512
const SEED = 0; // of the bank: the same data give the same scores
const LEAST_LENGTH = 1e-6; // of a centred unit vector; below it only rounding is left

/** What centring one modality takes: the mean of its training items, and each item's new length. */
export interface Centring {
  /** [P] */
  readonly mean: Float64Array;
  /** [N] 1 / ‖x − mean‖; 0 for an item at the mean, whose centred vector is zero. */
  readonly inverses: Float64Array;
}

/**
 * The centring of a modality's vectors by the mean of some rows.
 *
 * @param items what to call such rows when there are none: `training pictures`.
 * @throws AppError `data/too-few` without such rows.
 */
export function centringOf(vectors: Matrix, training: Uint32Array, items: string): Centring {
  if (training.length === 0) throw noTraining(items);
  const mean = new Float64Array(vectors.cols);
  for (const r of training) {
    const values = row(vectors, r);
    for (let d = 0; d < mean.length; d++) mean[d] = mean[d]! + values[d]! / training.length;
  }
  const inverses = Float64Array.from({ length: vectors.rows }, (_, r) =>
    inverseLength(row(vectors, r), mean),
  );
  return { mean, inverses };
}

/** A vector less the mean, to length 1; zero where it lies at the mean. [P] */
export function centre(vector: Float32Array, mean: Float64Array): Float32Array<ArrayBuffer> {
  const inverse = inverseLength(vector, mean);
  return Float32Array.from(vector, (value, d) => (value - mean[d]!) * inverse);
}

/** The rows named, centred: [rows.length, P]. */
export function centredRows(vectors: Matrix, rows: ArrayLike<number>, mean: Float64Array): Matrix {
  const out = takeRows(vectors, rows);
  for (let i = 0; i < out.rows; i++) row(out, i).set(centre(row(out, i), mean));
  return out;
}

/**
 * The rows that stand for a side in CSLS: its training items, or 2,048 of them, drawn by a seed.
 *
 * @param items what to call such rows when there are none.
 * @throws AppError `data/too-few` without training items.
 */
export function bankOf(training: Uint32Array, side: string, items: string): Uint32Array {
  if (training.length === 0) throw noTraining(items);
  if (training.length <= BANK_ROWS) return training;
  const random = rng(seedFrom(SEED, side));
  const drawn = training.slice();
  for (let i = 0; i < BANK_ROWS; i++) {
    const j = i + Math.floor(random() * (drawn.length - i));
    [drawn[i], drawn[j]] = [drawn[j]!, drawn[i]!];
  }
  return drawn.slice(0, BANK_ROWS).sort();
}

export interface MeanNearestOptions {
  /** Row of the items that each bank vector is, where it is one: no item is its own neighbour. */
  readonly selves?: Uint32Array | undefined;
  /** Awaited before every 256 items, with how many are done. */
  readonly breathe: (done: number) => Promise<void>;
}

/**
 * Mean score of each item with its 10 best of a bank (all, where it has fewer): r of CSLS.
 *
 * @param rows  of the items, by number: blocks of them are asked for as matrices [n, P].
 * @param bank  [M, P], at least one row.
 * @returns [rows], 0 for an item that is alone in its bank.
 * @throws AppError `data/non-finite`.
 *
 * Source: Conneau, Lample, Ranzato, Denoyer and Jégou, ICLR 2018, arXiv 1710.04087, section 2.3.
 */
export async function meanNearest(
  {
    rows,
    block,
  }: { readonly rows: number; readonly block: (start: number, end: number) => Matrix },
  bank: Matrix,
  { selves, breathe }: MeanNearestOptions,
): Promise<Float64Array> {
  const means = new Float64Array(rows);
  const columns = tf.tensor2d(bank.data, [bank.rows, bank.cols]);
  const columnOf = new Map(Array.from(selves ?? [], (item, column) => [item, column]));
  const best = new Float64Array(Math.min(NEIGHBOURS, bank.rows));
  try {
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      await breathe(start);
      const items = block(start, Math.min(start + BLOCK_ROWS, rows));
      const scores = await scoresOf(items, columns);
      for (let i = 0; i < items.rows; i++) {
        const own = scores.subarray(i * bank.rows, (i + 1) * bank.rows);
        means[start + i] = meanOfBest(own, columnOf.get(start + i), best);
      }
    }
  } finally {
    columns.dispose();
  }
  return means;
}

async function scoresOf(items: Matrix, bank: tf.Tensor2D): Promise<Float32Array> {
  const product = tf.tidy(() =>
    tf.matMul(tf.tensor2d(items.data, [items.rows, items.cols]), bank, false, true),
  );
  try {
    return await product.data<"float32">();
  } finally {
    product.dispose();
  }
}

/** `best` is scratch: the highest scores, highest first. */
function meanOfBest(scores: Float32Array, left: number | undefined, best: Float64Array): number {
  const count = left === undefined ? best.length : Math.min(best.length, scores.length - 1);
  best.fill(-Infinity);
  for (let j = 0; j < scores.length; j++) {
    const score = scores[j]!;
    if (j === left) continue;
    if (!Number.isFinite(score)) throw new AppError("data/non-finite", "neighbours' scores");
    if (score <= best[count - 1]!) continue;
    let at = count - 1;
    for (; at > 0 && best[at - 1]! < score; at--) best[at] = best[at - 1]!;
    best[at] = score;
  }
  let sum = 0;
  for (let at = 0; at < count; at++) sum += best[at]!;
  return count === 0 ? 0 : sum / count;
}

function inverseLength(vector: Float32Array, mean: Float64Array): number {
  let squares = 0;
  for (let d = 0; d < mean.length; d++) squares += (vector[d]! - mean[d]!) ** 2;
  const length = Math.sqrt(squares);
  return length < LEAST_LENGTH * Math.sqrt(dot(mean, mean) || 1) ? 0 : 1 / length;
}

function noTraining(items: string): AppError {
  return new AppError("data/too-few", `no ${items} to correct the scores by`);
}
