import type { PairTable } from "../../core/domain/alignmentData";
import type { Modality } from "../../core/domain/modality";
import type { Projector } from "../../core/domain/projector";
import { takeSpaced } from "../../core/math/evenlySpaced";
import { cholesky, solveLower, solveUpper } from "../../core/math/linalg/cholesky";
import {
  matrix64,
  meanDiagonal,
  normalizeRows64,
  row64,
  takeColumns64,
  toMatrix64,
  transpose,
  type Matrix64,
} from "../../core/math/linalg/matrix64";
import { timesTransposed } from "../../core/math/linalg/product";
import { columnMeans, normalizeRows, row, takeRows, type Matrix } from "../../core/math/matrix";
import { permutation, rng, seedFrom } from "../../core/math/rng";
import { galleriesOf } from "../../core/metrics/evaluateRetrieval";
import { breathe } from "../align/breathe";
import { gramInPieces } from "../align/gramInPieces";
import { linearProjector } from "../align/solvers/linearProjector";
import { centreRows } from "../align/solvers/moments";
import { indexOfMaximum, meanRecall } from "../align/solvers/selection";
import type { JoinData } from "./joinData";

const MOST_ITEMS = 1_000; // their kernel matrix is factored once per regularisation: 0.3 s each
const REGULARISATIONS = [0.001, 0.01, 0.1, 1] as const; // multiples of the kernel's mean diagonal
const DEFAULT_REGULARISATION = 0.01; // without validation

/** What a training is measured against: the same pairs in closed form, true and dealt out anew. */
export interface RidgeReference {
  readonly ridge: Projector;
  readonly shuffled: Projector;
  /** Chosen on validation. */
  readonly regularisation: number;
}

interface RidgeOptions {
  readonly modality: Modality;
  /** Of the shuffling. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Ridge regression from the raw features of what joins to the frozen vectors of its partners (the
 * mean of an item's partners), and the same with partners dealt out at random: what it finds is
 * what a leak or the metric alone would give.
 *
 *   W = X_cᵀ (X_c X_cᵀ + λ I)⁻¹ Y_c
 *
 * The dual form, because features are many and pairs are few; at most 1,000 training items, evenly
 * spaced. λ is chosen on validation for the true pairs and taken for the shuffled ones too.
 *
 * @returns maps to be compared with vectors less the mean of their own modality's training items
 *   (`centredRows`); null where fewer than two items train.
 * @throws AppError `data/degenerate`, `data/non-finite`, `cancelled`.
 *
 * Source: Hoerl and Kennard 1970; dual form: Saunders, Gammerman, Vovk, ICML 1998.
 */
export async function ridgeReference(
  { data }: JoinData,
  { modality, seed, signal }: RidgeOptions,
): Promise<RidgeReference | null> {
  const items = trainingItems(data.pairs);
  if (items.length < 2) return null;
  const { mean, centred } = centredFeatures(takeRows(data.image, items));
  const targets = centredTargets(partnerMeans(data.pairs, data.text, items));
  const kernel = await gramInPieces(centred, signal);
  const regularisation = await choose(kernel, { data, mean, centred, targets, signal });
  const factor = cholesky(kernel, regularisation * meanDiagonal(kernel));
  const features = transpose(centred); // [D, N]
  const mapTo = async (targetsOf: Matrix64): Promise<Projector> => {
    await breathe(signal);
    const weights = solveUpper(factor, solveLower(factor, targetsOf)); // [P, N]
    return { ...linearProjector("image", mean, timesTransposed(weights, features)), modality };
  };
  const order = permutation(items.length, rng(seedFrom(seed, "shuffled pairs")));
  return {
    ridge: await mapTo(targets),
    shuffled: await mapTo(takeColumns64(targets, order)), // each item with the partners of another
    regularisation,
  };
}

/** Vectors less the mean of their training rows (all rows where none trains), unit length. */
export function centredRows(rows: Matrix, isTraining: (row: number) => boolean): Matrix {
  const all = Array.from({ length: rows.rows }, (_, i) => i);
  const training = all.filter(isTraining);
  const mean = columnMeans(takeRows(rows, training.length > 0 ? training : all));
  const out = takeRows(rows, all);
  for (const i of all) row(out, i).forEach((value, d) => (row(out, i)[d] = value - (mean[d] ?? 0)));
  return normalizeRows(out);
}

function trainingItems(pairs: PairTable): number[] {
  const items = new Set<number>();
  pairs.image.forEach((item, p) => pairs.split[p] === "train" && items.add(item));
  return takeSpaced(
    [...items].sort((a, b) => a - b),
    MOST_ITEMS,
  );
}

/** [items, P]: the mean of each item's training partners. */
function partnerMeans(pairs: PairTable, text: Matrix, items: readonly number[]): Matrix64 {
  const placeOf = new Map(items.map((item, place) => [item, place]));
  const sums = matrix64(items.length, text.cols);
  const counts = new Float64Array(items.length);
  for (let p = 0; p < pairs.length; p++) {
    const place = placeOf.get(pairs.image[p] ?? -1);
    if (pairs.split[p] !== "train" || place === undefined) continue;
    const sum = row64(sums, place);
    row(text, pairs.text[p] ?? 0).forEach((value, d) => (sum[d] = (sum[d] ?? 0) + value));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  counts.forEach((count, place) => {
    const sum = row64(sums, place);
    sum.forEach((value, d) => (sum[d] = value / count));
  });
  return sums;
}

function centredFeatures(rows: Matrix) {
  const mean = columnMeans(rows);
  return { mean, centred: centreRows(rows, mean) };
}

/** Yᵀ [P, N], less the mean target. */
function centredTargets(targets: Matrix64): Matrix64 {
  const columns = transpose(targets);
  for (let d = 0; d < columns.rows; d++) {
    const values = row64(columns, d);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    values.forEach((value, i) => (values[i] = value - mean));
  }
  return columns;
}

interface Choice {
  readonly data: JoinData["data"];
  readonly mean: Float64Array<ArrayBuffer>;
  readonly centred: Matrix64;
  readonly targets: Matrix64;
  readonly signal: AbortSignal;
}

async function choose(kernel: Matrix64, choice: Choice): Promise<number> {
  const { data, mean, centred, targets, signal } = choice;
  const { imageRows, textRows, relevance } = galleriesOf(data.pairs, "validation");
  if (imageRows.length === 0 || imageRows.length > MOST_ITEMS) return DEFAULT_REGULARISATION;
  const queries = centreRows(takeRows(data.image, imageRows), mean);
  const toTraining = timesTransposed(queries, centred); // [V, N]
  const isTraining = trainingPartners(data.pairs);
  const centredTexts = centredRows(data.text, (r) => isTraining.has(r));
  const gallery = normalizeRows64(toMatrix64(takeRows(centredTexts, textRows)));
  const scores: number[] = [];
  for (const regularisation of REGULARISATIONS) {
    await breathe(signal);
    const factor = cholesky(kernel, regularisation * meanDiagonal(kernel));
    await breathe(signal);
    const weights = solveUpper(factor, solveLower(factor, targets));
    const predicted = normalizeRows64(timesTransposed(toTraining, weights)); // [V, P]
    scores.push(meanRecall(timesTransposed(predicted, gallery), relevance));
  }
  return REGULARISATIONS[indexOfMaximum(scores)] ?? DEFAULT_REGULARISATION;
}

const trainingPartners = (pairs: PairTable) =>
  new Set(Array.from(pairs.text).filter((_, p) => pairs.split[p] === "train"));
