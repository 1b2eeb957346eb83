import { AppError } from "../errors";
import {
  columnMeans,
  matrix,
  normalizeRows,
  row,
  scoreRows,
  takeRows,
  type Matrix,
} from "../math/matrix";
import { evenlySpaced } from "../math/evenlySpaced";
import { topK } from "../math/topK";
import { classifyRows, meanDirections } from "./zeroShot";

const NEIGHBOURS = 20; // as the field's k-NN evaluations of frozen features (DINO)
const MOST_TRAIN = 10_000; // with 1,000 queries of 1,280 numbers 13 G multiply-adds, about 15 s
const MOST_TEST = 1_000;

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
  checkSides(trainFeatures, trainTruth, testFeatures, testTruth);
  const standardize = standardizerOf(trainFeatures);
  const count = Math.max(...new Set(trainTruth), ...new Set(testTruth)) + 1;
  const means = meanDirections(standardize(trainFeatures), trainTruth, count);
  const seen = new Set(trainTruth);
  const { ranks } = classifyRows(standardize(testFeatures), means, testTruth, (c) => seen.has(c));
  return ranks.reduce((hits, rank) => hits + Number(rank === 0), 0) / ranks.length;
}

/**
 * Top-1 accuracy of the majority of the 20 nearest training items on the frozen features alone, by
 * cosine of standardised dimensions as in `nearestClassMeanCeiling`.
 *
 * Of classes with equally many votes a wrong one wins. Above 10,000 training or 1,000 test items,
 * as many evenly spaced ones stand for all.
 *
 * @param trainFeatures [N, D] raw encoder outputs; `testFeatures` [M, D].
 * @returns a share in [0, 1].
 * @throws AppError `data/shape`, `data/non-finite`; `data/too-few` when either side is empty.
 */
export function nearestNeighboursCeiling(
  trainFeatures: Matrix,
  trainTruth: Int32Array,
  testFeatures: Matrix,
  testTruth: Int32Array,
): number {
  checkSides(trainFeatures, trainTruth, testFeatures, testTruth);
  const standardize = standardizerOf(trainFeatures);
  const kept = evenlySpaced(trainFeatures.rows, MOST_TRAIN);
  const asked = evenlySpaced(testFeatures.rows, MOST_TEST);
  const train = standardize(takeRows(trainFeatures, kept));
  const test = standardize(takeRows(testFeatures, asked));
  const rows = Uint32Array.from(kept.keys());
  let hits = 0;
  asked.forEach((item, i) => {
    const scores = scoreRows(train, rows, row(test, i));
    // NaN loses every comparison, so a broken item would otherwise be no one's neighbour.
    const bad = scores.findIndex((score) => !Number.isFinite(score));
    if (bad >= 0) throw new AppError("data/non-finite", `test item ${item}, training item ${bad}`);
    const votes = new Map<number, number>();
    for (const near of topK(scores, NEIGHBOURS)) {
      const own = trainTruth[kept[near]!]!;
      votes.set(own, (votes.get(own) ?? 0) + 1);
    }
    const right = votes.get(testTruth[item]!) ?? 0;
    const wins = [...votes].every(([c, count]) => c === testTruth[item] || count < right);
    hits += Number(right > 0 && wins);
  });
  return hits / asked.length;
}

function checkSides(
  trainFeatures: Matrix,
  trainTruth: Int32Array,
  testFeatures: Matrix,
  testTruth: Int32Array,
): void {
  const unlike =
    trainTruth.length !== trainFeatures.rows ||
    testTruth.length !== testFeatures.rows ||
    trainFeatures.cols !== testFeatures.cols;
  if (unlike) throw new AppError("data/shape", "training features, test features, their classes");
  if (trainFeatures.rows === 0 || testFeatures.rows === 0) {
    throw new AppError("data/too-few", "no labelled items to compare");
  }
}

/** Rows z-scored with `reference`'s mean and deviation, then normalised; constant columns are 0. */
function standardizerOf(reference: Matrix): (features: Matrix) => Matrix {
  const { rows, cols } = reference;
  const mean = columnMeans(reference);
  const square = new Float64Array(cols);
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
