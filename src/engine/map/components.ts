import type { AlignedModality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import { evenlySpaced } from "../../core/math/evenlySpaced";
import {
  firstRows,
  matrix64,
  row64,
  transpose,
  type Matrix64,
} from "../../core/math/linalg/matrix64";
import { gram, timesTransposed } from "../../core/math/linalg/product";
import { symmetricEigen } from "../../core/math/linalg/symmetricEigen";
import { columnMeans, dot, type Matrix } from "../../core/math/matrix";
import { breathe } from "../align/breathe";

const SAMPLE_ROWS = 4_096; // more move the axes less than a pixel, and cost a second per 8,000
const WIDEST = 768; // of a wider space, as many rows: the smaller side of the sample is what costs
const BLOCK_ROWS = 256; // about 5 ms of 512-wide rows: a query waits no longer

/** Both sides' vectors in the shared space, [items, P] each. */
export type Sides = Readonly<Record<AlignedModality, Matrix>>;

/** The directions in which the items of both sides differ most. */
export interface Components {
  /** [P] each: what is subtracted from a side's vectors before they are made unit length; or null. */
  readonly centres: Readonly<Record<AlignedModality, Float64Array>> | null;
  /** [P] mean of what is left. */
  readonly mean: Float64Array;
  /** [width, P] orthonormal; the largest element of each is positive, so that maps do not flip. */
  readonly axes: Matrix64;
  /** [width] share of the variance along each. */
  readonly shares: Float64Array;
}

/**
 * Principal components of both sides together, from at most 4,096 items spread evenly over them.
 *
 * @param options.isCentred subtract each side's mean first and make the rows unit length again, so
 *   that the modality gap is not what the map shows.
 * @param options.width how many directions; fewer where the space or the items have fewer.
 * @throws AppError `data/non-finite`.
 */
export function principalComponents(
  sides: Sides,
  { isCentred, width }: { readonly isCentred: boolean; readonly width: number },
): Components {
  const centres = isCentred
    ? { image: columnMeans(sides.image), text: columnMeans(sides.text) }
    : null;
  const cols = widthOf(sides);
  const total = sides.image.rows + sides.text.rows;
  const chosen = evenlySpaced(total, cols <= WIDEST ? SAMPLE_ROWS : WIDEST);
  const sample = matrix64(chosen.length, cols);
  chosen.forEach((point, i) => putCentred(row64(sample, i), sides, { centres, point }));
  const mean = subtractMean(sample);
  const { axes, variances } = largestAxes(sample, Math.min(width, cols, Math.max(1, total)));
  const trace = sample.data.reduce((sum, value) => sum + value * value, 0);
  const shares = variances.map((variance) => (trace > 0 ? Math.max(0, variance) / trace : 0));
  return { centres, mean, axes, shares };
}

interface ReduceOptions {
  /** The first so many directions. */
  readonly width: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every item of both sides along the directions, images first: [items, width].
 *
 * @throws AppError `data/non-finite`, `cancelled`.
 */
export async function reduceRows(
  sides: Sides,
  { centres, mean, axes }: Components,
  { width, signal }: ReduceOptions,
): Promise<Matrix> {
  const rows = sides.image.rows + sides.text.rows;
  const used = firstRows(axes, Math.min(width, axes.rows));
  const data = new Float32Array(rows * width);
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    await breathe(signal);
    const block = matrix64(Math.min(BLOCK_ROWS, rows - start), mean.length);
    for (let i = 0; i < block.rows; i++) {
      const into = row64(block, i);
      putCentred(into, sides, { centres, point: start + i });
      for (let d = 0; d < into.length; d++) into[d] = into[d]! - mean[d]!;
    }
    const along = timesTransposed(block, used);
    for (let i = 0; i < block.rows; i++) data.set(row64(along, i), (start + i) * width);
  }
  return { data, rows, cols: width };
}

function widthOf({ image, text }: Sides): number {
  return Math.max(image.rows > 0 ? image.cols : 0, text.rows > 0 ? text.cols : 0);
}

interface Point {
  readonly centres: Components["centres"];
  readonly point: number;
}

/** Writes the vector of a point, centred and of unit length again where sides are centred. */
function putCentred(into: Float64Array, sides: Sides, { centres, point }: Point): void {
  const modality = point < sides.image.rows ? "image" : "text";
  const index = modality === "image" ? point : point - sides.image.rows;
  const { data, cols } = sides[modality];
  const centre = centres?.[modality];
  let squares = 0;
  for (let d = 0; d < cols; d++) {
    const value = data[index * cols + d]! - (centre ? centre[d]! : 0);
    into[d] = value;
    squares += value * value;
  }
  if (!(squares < Infinity)) throw new AppError("data/non-finite", `${modality} ${index}`);
  if (!centre) return;
  const norm = Math.max(Math.sqrt(squares), 1e-12);
  for (let d = 0; d < cols; d++) into[d] = into[d]! / norm;
}

/** @returns the mean that was subtracted. */
function subtractMean(sample: Matrix64): Float64Array {
  const mean = columnMeans(sample);
  for (let i = 0; i < sample.rows; i++) {
    const values = row64(sample, i);
    for (let d = 0; d < mean.length; d++) values[d] = values[d]! - mean[d]!;
  }
  return mean;
}

/** Eigenvectors of XᵀX with the largest eigenvalues, through its smaller side. */
function largestAxes(sample: Matrix64, count: number) {
  const isTall = sample.rows >= sample.cols;
  const columns = transpose(sample);
  const { values, vectors } = symmetricEigen(gram(isTall ? columns : sample));
  const kept = Math.min(count, vectors.rows);
  const axes = matrix64(kept, sample.cols);
  // XᵀX u = λu either way; from XXᵀ v = λv it is u = Xᵀv/√λ.
  const directions = isTall
    ? firstRows(vectors, kept)
    : timesTransposed(firstRows(vectors, kept), columns);
  for (let i = 0; i < kept; i++) row64(axes, i).set(turned(row64(directions, i)));
  return { axes, variances: values.slice(0, kept) };
}

/** Of unit length, the element that is largest in size positive; zeros stay zeros. */
function turned(axis: Float64Array): Float64Array {
  const norm = Math.sqrt(dot(axis, axis));
  const largest = axis.reduce(
    (best, value) => (Math.abs(value) > Math.abs(best) ? value : best),
    0,
  );
  const scale = norm > 1e-12 ? Math.sign(largest) / norm : 0;
  return axis.map((value) => value * scale);
}
