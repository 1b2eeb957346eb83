import { cholesky, solveLower, solveUpper } from "../math/linalg/cholesky";
import { matrix64, meanDiagonal, row64, transpose, type Matrix64 } from "../math/linalg/matrix64";
import { gram, timesTransposed } from "../math/linalg/product";

/** Regularisations tried, as multiples of the mean variance tr(C) / D. */
const PROBE_REGULARISATIONS = [0.01, 0.1, 1] as const;

/** One assignment of classes to the items. */
export interface Labelling {
  /** [n] class of each item, in 0..classes-1. */
  readonly labels: Uint32Array;
  readonly classes: number;
}

/** Sums over the items of one fold, which any training set is put together from. */
interface FoldSums {
  readonly count: number;
  /** [D] */
  readonly sum: Float64Array<ArrayBuffer>;
  /** [D, D] Σ x xᵀ. */
  readonly moment: Matrix64;
  /** For each labelling, [classes, D] sums and [classes] counts. */
  readonly classes: readonly { readonly sums: Matrix64; readonly counts: Float64Array }[];
}

/**
 * A linear probe on frozen embeddings: ridge regression to one-hot classes, the largest output
 * wins. Fitted on all folds but one and read on that one, for each fold.
 *
 * The regularisation is chosen on another of the training folds, never on the one that is read.
 * Several labellings share the factorisations, so that a control with shuffled labels costs little.
 */
export class LinearProbe {
  readonly #items: Matrix64;
  readonly #folds: Uint8Array;
  readonly #labellings: readonly Labelling[];
  readonly #sums: readonly FoldSums[];

  /**
   * Costs n·D²/2 multiply-adds.
   *
   * @param items [n, D], centred roughly: large means cost digits.
   * @param folds [n] fold of each item, in 0..count-1, none empty.
   */
  constructor(items: Matrix64, folds: Uint8Array, labellings: readonly Labelling[]) {
    this.#items = items;
    this.#folds = folds;
    this.#labellings = labellings;
    const count = folds.reduce((most, fold) => Math.max(most, fold + 1), 0);
    this.#sums = Array.from({ length: count }, (_, f) => this.#sumFold(f));
  }

  /** Number of folds. */
  get count(): number {
    return this.#sums.length;
  }

  /**
   * Classes of the items of one fold, from a probe fitted on the others.
   *
   * Costs a Cholesky factorisation (D³/6) for each regularisation and one more for each that is
   * chosen.
   *
   * @returns for each labelling, [n] predicted classes; only those of the fold's items are set.
   * @throws AppError `data/degenerate`, `data/non-finite`.
   */
  readFold(fold: number): Uint32Array[] {
    const inner = (fold + 1) % this.count;
    const hits = PROBE_REGULARISATIONS.map((regularisation) =>
      this.#fit([fold, inner], regularisation).map((model, l) => this.#hits(model, inner, l)),
    );
    const chosen = this.#labellings.map((_, l) => {
      const best = Math.max(...hits.map((own) => own[l]!));
      return PROBE_REGULARISATIONS[hits.findIndex((own) => own[l] === best)]!;
    });
    const fits = new Map(
      [...new Set(chosen)].map((regularisation) => [
        regularisation,
        this.#fit([fold], regularisation),
      ]),
    );
    return chosen.map((regularisation, l) => this.#predict(fits.get(regularisation)![l]!, fold));
  }

  #sumFold(fold: number): FoldSums {
    const rows = Uint32Array.from(this.#folds.keys()).filter((i) => this.#folds[i] === fold);
    const own = matrix64(rows.length, this.#items.cols);
    rows.forEach((i, r) => row64(own, r).set(row64(this.#items, i)));
    const sum = new Float64Array(own.cols);
    for (let r = 0; r < own.rows; r++) addTo(sum, row64(own, r));
    const classes = this.#labellings.map(({ labels, classes: number }) => {
      const sums = matrix64(number, own.cols);
      const counts = new Float64Array(number);
      rows.forEach((i, r) => {
        const label = labels[i]!;
        counts[label] = counts[label]! + 1;
        addTo(row64(sums, label), row64(own, r));
      });
      return { sums, counts };
    });
    return { count: own.rows, sum, moment: gram(transpose(own)), classes };
  }

  /** One model per labelling, fitted on every fold but those left out. */
  #fit(leftOut: readonly number[], regularisation: number): Model[] {
    const used = this.#sums.filter((_, f) => !leftOut.includes(f));
    const count = used.reduce((sum, fold) => sum + fold.count, 0);
    const mean = new Float64Array(this.#items.cols);
    for (const { sum } of used) addTo(mean, sum);
    for (let d = 0; d < mean.length; d++) mean[d] = mean[d]! / count;
    const covariance = covarianceOf(used, mean, count);
    // A constant embedding has no variance at all: any positive shift makes it solvable, to zeros.
    const shift = regularisation * meanDiagonal(covariance) || 1;
    const factor = cholesky(covariance, shift);
    return this.#labellings.map(({ classes }, l) => {
      const cross = matrix64(classes, mean.length);
      const prior = new Float64Array(classes);
      for (const fold of used) {
        addTo(cross.data, fold.classes[l]!.sums.data);
        addTo(prior, fold.classes[l]!.counts);
      }
      for (let c = 0; c < classes; c++) {
        const own = row64(cross, c);
        for (let d = 0; d < own.length; d++) own[d] = (own[d]! - prior[c]! * mean[d]!) / count;
        prior[c] = prior[c]! / count;
      }
      return { mean, prior, weights: solveUpper(factor, solveLower(factor, cross)) };
    });
  }

  #hits(model: Model, fold: number, labelling: number): number {
    const predicted = this.#predict(model, fold);
    const { labels } = this.#labellings[labelling]!;
    return this.#folds.reduce(
      (hits, own, i) => hits + Number(own === fold && predicted[i] === labels[i]),
      0,
    );
  }

  #predict({ mean, prior, weights }: Model, fold: number): Uint32Array {
    const predicted = new Uint32Array(this.#items.rows);
    const rows = Uint32Array.from(this.#folds.keys()).filter((i) => this.#folds[i] === fold);
    const own = matrix64(rows.length, mean.length);
    rows.forEach((i, r) => {
      row64(this.#items, i).forEach((value, d) => {
        own.data[r * mean.length + d] = value - mean[d]!;
      });
    });
    const outputs = timesTransposed(own, weights);
    rows.forEach((i, r) => (predicted[i] = argmax(row64(outputs, r), prior)));
    return predicted;
  }
}

interface Model {
  readonly mean: Float64Array;
  /** [classes] frequency in training: the output at the mean. */
  readonly prior: Float64Array;
  /** [classes, D] */
  readonly weights: Matrix64;
}

function covarianceOf(folds: readonly FoldSums[], mean: Float64Array, count: number): Matrix64 {
  const out = matrix64(mean.length, mean.length);
  for (const { moment } of folds) addTo(out.data, moment.data);
  for (let p = 0; p < mean.length; p++) {
    const own = row64(out, p);
    for (let q = 0; q < own.length; q++) own[q] = own[q]! / count - mean[p]! * mean[q]!;
  }
  return out;
}

function argmax(outputs: Float64Array, prior: Float64Array): number {
  let best = 0;
  for (let c = 1; c < outputs.length; c++) {
    if (outputs[c]! + prior[c]! > outputs[best]! + prior[best]!) best = c;
  }
  return best;
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let d = 0; d < sums.length; d++) sums[d] = sums[d]! + values[d]!;
}
