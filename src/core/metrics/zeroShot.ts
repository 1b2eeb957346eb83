import type { Estimate } from "../domain/evaluation";
import { AppError } from "../errors";
import { dot, matrix, normalizeRows, row, type Matrix } from "../math/matrix";
import { bootstrapMeans } from "./bootstrap";

/** Classification by the nearest class vector. */
export interface ZeroShotScores {
  /** [N] the best-scoring class; the lowest of equals. */
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
  const { predictions, ranks } = classify(imageVectors, classes, truth);
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
 * Top-1 accuracy of the nearest class mean on the frozen features alone: what no projector of
 * these features is likely to beat by much.
 *
 * Each dimension is standardised with the training mean and deviation, rows and class means are
 * normalised, and the largest cosine wins (ties lose). A class without training items is never
 * predicted.
 *
 * @param trainFeatures [N, D] raw encoder outputs; `testFeatures` [M, D].
 * @returns a share in [0, 1].
 * @throws AppError `data/shape`, `data/non-finite`; `data/too-few` when either side is empty.
 */
export function nearestClassMeanCeiling(
  trainFeatures: Matrix,
  trainTruth: Int32Array,
  testFeatures: Matrix,
  testTruth: Int32Array,
): number {
  if (trainTruth.length !== trainFeatures.rows || trainFeatures.cols !== testFeatures.cols) {
    throw new AppError("data/shape", "training features, their classes and test features");
  }
  if (trainFeatures.rows === 0 || testFeatures.rows === 0) {
    throw new AppError("data/too-few", "no labelled items to compare");
  }
  const standardize = standardizerOf(trainFeatures);
  const count = Math.max(...new Set(trainTruth), ...new Set(testTruth)) + 1;
  const means = meanDirections(standardize(trainFeatures), trainTruth, count);
  const seen = new Set(trainTruth);
  const { ranks } = classify(standardize(testFeatures), means, testTruth, (c) => seen.has(c));
  return ranks.reduce((hits, rank) => hits + Number(rank === 0), 0) / ranks.length;
}

/** Predictions and the rank of the truth; an impossible class is never predicted, nor ever right. */
function classify(
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
    let best = 0;
    for (let c = 0; c < scores.length; c++) {
      if (scores[c]! > scores[best]!) best = c;
      if (c !== truth[i]! && scores[c]! >= right) ranks[i]!++;
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
function meanDirections(rows: Matrix, classOf: Int32Array, count: number): Matrix {
  const sums = matrix(count, rows.cols);
  for (let i = 0; i < rows.rows; i++) {
    const sum = row(sums, classOf[i]!);
    const vector = row(rows, i);
    for (let d = 0; d < sum.length; d++) sum[d] = sum[d]! + vector[d]!;
  }
  return normalizeRows(sums);
}

/** Rows z-scored with `reference`'s mean and deviation, then normalised; constant columns are 0. */
function standardizerOf(reference: Matrix): (features: Matrix) => Matrix {
  const { rows, cols } = reference;
  const mean = new Float64Array(cols);
  const square = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < cols; d++) mean[d] = mean[d]! + reference.data[i * cols + d]! / rows;
  }
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < cols; d++) {
      square[d] = square[d]! + (reference.data[i * cols + d]! - mean[d]!) ** 2 / rows;
    }
  }
  const scale = square.map((variance, d) =>
    Math.sqrt(variance) > 1e-9 * Math.abs(mean[d]!) ? 1 / Math.sqrt(variance) : 0,
  );
  return (features) => {
    const out = matrix(features.rows, cols, features.data.slice());
    for (let i = 0; i < out.data.length; i++) {
      out.data[i] = (out.data[i]! - mean[i % cols]!) * scale[i % cols]!;
    }
    return normalizeRows(out);
  };
}
