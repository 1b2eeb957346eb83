import type { AlignmentData, PairTable } from "../../../core/domain/alignmentData";
import { AppError } from "../../../core/errors";
import {
  matrix64,
  row64,
  takeColumns64,
  toMatrix64,
  transpose,
  type Matrix64,
} from "../../../core/math/linalg/matrix64";
import { addProduct, block, GRAM_ROWS } from "../../../core/math/linalg/product";
import { row, takeRows, type Matrix } from "../../../core/math/matrix";
import { breathe } from "../breathe";
import { gramInPieces } from "../gramInPieces";

/** One side of the training pairs, centred. */
export interface CentredSide {
  /** [D] mean over training pairs (an item in two pairs counts twice). */
  readonly mean: Float64Array<ArrayBuffer>;
  /** [D, N]: row d is dimension d of every training pair, minus its mean. */
  readonly columns: Matrix64;
}

/**
 * One side of the training pairs, centred with the mean of these pairs alone.
 *
 * @throws AppError `data/too-few` below two training pairs, `data/non-finite`.
 */
function centreSide(items: Matrix, rows: Uint32Array): CentredSide {
  if (rows.length < 2) throw new AppError("data/too-few", `${rows.length} training pairs`);
  const columns = transpose(toMatrix64(takeRows(items, rows)));
  const mean = new Float64Array(items.cols);
  for (let d = 0; d < items.cols; d++) {
    const column = row64(columns, d);
    mean[d] = column.reduce((sum, value) => sum + value, 0) / rows.length;
    if (!Number.isFinite(mean[d])) throw new AppError("data/non-finite", `dimension ${d}`);
    for (let i = 0; i < column.length; i++) column[i] = column[i]! - mean[d]!;
  }
  return { mean, columns };
}

/** Rows [N, D] of `items` minus `mean`, in float64. */
export function centreRows(items: Matrix, mean: Float64Array): Matrix64 {
  const out = matrix64(items.rows, items.cols);
  for (let i = 0; i < items.rows; i++) {
    const target = row64(out, i);
    row(items, i).forEach((value, d) => (target[d] = value - mean[d]!));
  }
  return out;
}

/** Item rows of the training pairs, in pair order. */
export function trainingRows(pairs: PairTable): { image: Uint32Array; text: Uint32Array } {
  const kept = Uint32Array.from(pairs.split.keys()).filter((p) => pairs.split[p] === "train");
  return { image: kept.map((p) => pairs.image[p]!), text: kept.map((p) => pairs.text[p]!) };
}

/**
 * Means and covariances of the training pairs, each computed once, when first asked for, in pieces
 * between which the worker stays responsive. All are divided by N.
 */
export class TrainingMoments {
  readonly count: number;
  readonly image: CentredSide;
  readonly text: CentredSide;
  #imageCovariance: Matrix64 | undefined;
  #textCovariance: Matrix64 | undefined;
  #cross: Matrix64 | undefined;

  /** @throws AppError `data/too-few`, `data/non-finite`. */
  constructor(data: AlignmentData) {
    const rows = trainingRows(data.pairs);
    this.count = rows.image.length;
    this.image = centreSide(data.image, rows.image);
    this.text = centreSide(data.text, rows.text);
  }

  /** X_cᵀ X_c / N: [D_image, D_image]. */
  async imageCovariance(signal?: AbortSignal): Promise<Matrix64> {
    return (this.#imageCovariance ??= await covariance(this.image, signal));
  }

  /** Y_cᵀ Y_c / N: [D_text, D_text]. */
  async textCovariance(signal?: AbortSignal): Promise<Matrix64> {
    return (this.#textCovariance ??= await covariance(this.text, signal));
  }

  /** Y_cᵀ X_c / N: [D_text, D_image]. */
  async crossCovariance(signal?: AbortSignal): Promise<Matrix64> {
    return (this.#cross ??= await crossCovariance(this.text.columns, this.image.columns, signal));
  }

  /** [D_image] standard deviation of each image dimension; 1 where it is constant. */
  imageDeviations(): Float64Array<ArrayBuffer> {
    const { columns, mean } = this.image;
    return Float64Array.from(mean, (centre, d) => {
      const squares = row64(columns, d).reduce((sum, value) => sum + value * value, 0);
      const deviation = Math.sqrt(squares / this.count);
      return deviation > 1e-9 * Math.abs(centre) ? deviation : 1;
    });
  }

  /** The cross-covariance with image i paired with the caption of training pair `order[i]`. */
  shuffledCrossCovariance(order: Uint32Array, signal?: AbortSignal): Promise<Matrix64> {
    const shuffled = takeColumns64(this.text.columns, order);
    return crossCovariance(shuffled, this.image.columns, signal);
  }
}

async function covariance({ columns }: CentredSide, signal?: AbortSignal): Promise<Matrix64> {
  return divide(await gramInPieces(columns, signal), columns.cols);
}

async function crossCovariance(
  text: Matrix64,
  image: Matrix64,
  signal?: AbortSignal,
): Promise<Matrix64> {
  const out = matrix64(text.rows, image.rows);
  for (let start = 0; start < text.rows; start += GRAM_ROWS) {
    await breathe(signal);
    const m = Math.min(GRAM_ROWS, text.rows - start);
    const size = { m, n: image.rows, k: text.cols };
    addProduct(block(text, start, 0), block(image, 0, 0), block(out, start, 0), size);
  }
  return divide(out, text.cols);
}

function divide(m: Matrix64, by: number): Matrix64 {
  for (let i = 0; i < m.data.length; i++) m.data[i] = m.data[i]! / by;
  return m;
}
