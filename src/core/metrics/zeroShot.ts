import type { Estimate } from "../domain/evaluation";
import { AppError } from "../errors";
import { dot, matrix, normalizeRows, row, type Matrix } from "../math/matrix";
import { bootstrapMeans } from "./bootstrap";

/** Classification by the nearest class vector. */
export interface ZeroShotScores {
  /** [N] the best-scoring class; of equals the lowest that is wrong. */
  readonly predictions: Int32Array;
  readonly top1: Estimate;
  /** Truth among the five best; certain with five classes or fewer, unless they tie. */
  readonly top5: Estimate;
  /** Mean over the classes that occur in `truth` of their share of top-1 hits. */
  readonly macro: number;
}

/**
 * Classifies each image as the class whose vector it matches best by dot product.
 *
 * A class that ties with the truth counts as better than it, so equal class vectors score 0. The
 * images' own lengths change nothing.
 *
 * @param imageVectors [N, P] in the shared space.
 * @param classes      [C, P], from `classVectors`.
 * @param truth        [N] class of each image, in [0, C).
 * @throws AppError `data/shape`, `data/non-finite`; `data/too-few` without images.
 */
export function zeroShot(
  imageVectors: Matrix,
  classes: Matrix,
  truth: Int32Array,
  { seed }: { readonly seed: number },
): ZeroShotScores {
  const { predictions, ranks } = classifyRows(imageVectors, classes, truth);
  const hits = [1, 5].map((k) => Uint8Array.from(ranks, (rank) => Number(rank < k)));
  const [top1, top5] = bootstrapMeans(hits, seed);
  return { predictions, top1: top1!, top5: top5!, macro: macroAccuracy(hits[0]!, truth) };
}

/**
 * One unit vector per class: prompts normalised, averaged over templates, normalised again.
 *
 * @param prompts   [C·T, P]; row c·T + t is template t filled with class c.
 * @param templates T
 * @returns [C, P]
 * @throws AppError `data/shape` when the rows are not a multiple of T.
 *
 * Source: Radford et al. 2021, arXiv 2103.00020, section 3.1.4 (prompt ensembles).
 */
export function classVectors(prompts: Matrix, templates: number): Matrix {
  if (templates < 1 || prompts.rows % templates !== 0) {
    throw new AppError("data/shape", `${prompts.rows} prompts for ${templates} templates`);
  }
  const classOf = Int32Array.from({ length: prompts.rows }, (_, p) => Math.floor(p / templates));
  return meanDirections(normalizeRows(prompts), classOf, prompts.rows / templates);
}

/**
 * Predictions and the rank of the truth, 0 = best. An impossible class is never predicted, nor ever
 * right; a class that ties with the truth counts as better than it and is predicted before it.
 *
 * @throws AppError `data/shape`, `data/non-finite`.
 */
export function classifyRows(
  images: Matrix,
  classes: Matrix,
  truth: Int32Array,
  isPossible: (c: number) => boolean = () => true,
) {
  if (images.cols !== classes.cols || truth.length !== images.rows) {
    const sizes = `[${images.rows}, ${images.cols}], [${classes.rows}, ${classes.cols}]`;
    throw new AppError("data/shape", `${sizes}, ${truth.length} classes`);
  }
  const predictions = new Int32Array(images.rows);
  const ranks = new Uint32Array(images.rows);
  const scores = new Float64Array(classes.rows);
  for (let i = 0; i < images.rows; i++) {
    for (let c = 0; c < classes.rows; c++) {
      scores[c] = isPossible(c) ? dot(row(images, i), row(classes, c)) : -Infinity;
      // NaN loses every comparison, so a NaN model would otherwise rank the truth first.
      if (Number.isNaN(scores[c])) throw new AppError("data/non-finite", `image ${i}, class ${c}`);
    }
    const right = scores[truth[i]!];
    if (right === undefined) throw new AppError("data/shape", `image ${i} of class ${truth[i]!}`);
    let best = truth[i]!;
    for (let c = 0; c < scores.length; c++) {
      if (c === truth[i]!) continue;
      if (scores[c]! >= right) ranks[i]!++;
      if (scores[c]! > scores[best]! || (scores[c] === scores[best] && best === truth[i]!))
        best = c;
    }
    predictions[i] = best;
  }
  return { predictions, ranks };
}

function macroAccuracy(hits: Uint8Array, truth: Int32Array): number {
  const tallies = new Map<number, { hits: number; all: number }>();
  truth.forEach((c, i) => {
    const tally = tallies.get(c) ?? { hits: 0, all: 0 };
    tallies.set(c, { hits: tally.hits + hits[i]!, all: tally.all + 1 });
  });
  let sum = 0;
  for (const tally of tallies.values()) sum += tally.hits / tally.all;
  return sum / tallies.size;
}

/** Unit mean of the rows of each class; a class without rows stays zero. [count, P] */
export function meanDirections(rows: Matrix, classOf: Int32Array, count: number): Matrix {
  const sums = matrix(count, rows.cols);
  for (let i = 0; i < rows.rows; i++) {
    const sum = row(sums, classOf[i]!);
    const vector = row(rows, i);
    for (let d = 0; d < sum.length; d++) sum[d] = sum[d]! + vector[d]!;
  }
  return normalizeRows(sums);
}
