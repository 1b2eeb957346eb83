import type { PairTable } from "../domain/alignmentData";
import type { Geometry } from "../domain/evaluation";
import { AppError } from "../errors";
import { row64, toMatrix64, transpose, type Matrix64 } from "../math/linalg/matrix64";
import { gram, timesTransposed } from "../math/linalg/product";
import { evenlySpaced } from "../math/evenlySpaced";
import { normalizeRows, takeRows, type Matrix } from "../math/matrix";
import { effectiveRank } from "./effectiveRank";
import { hubness } from "./hubness";

/** Tables of 2,000 × 2,000 float64 are 32 MB each, two held at a time. */
const MOST_PAIRS = 2_000;

const NO_SPREAD = 1e-9; // deviation of cosines below which only rounding is left

/**
 * The shape of the shared space on the given pairs: modality gap, alignment, uniformity, cosines of
 * pairs and of everything else, effective rank, hubness. Each item counts once, however many pairs
 * it has. Above 2,000 pairs, 2,000 evenly spaced ones stand for all.
 *
 * @param images [N_image, P], rows of any length: they are L2-normalised here.
 * @param texts  [N_text, P]
 * @param pairs  rows that belong together; rows no pair names are not looked at.
 * @throws AppError `data/too-few` without pairs, `data/shape`, `data/non-finite`.
 *
 * Sources: Liang et al., NeurIPS 2022 (modality gap); Wang and Isola, ICML 2020 (alignment and
 * uniformity); see `effectiveRank` and `hubness` for theirs.
 */
export function spaceGeometry(
  images: Matrix,
  texts: Matrix,
  pairs: Pick<PairTable, "image" | "text">,
  { mostPairs = MOST_PAIRS } = {},
): Geometry {
  if (images.cols !== texts.cols) {
    throw new AppError("data/shape", `images of width ${images.cols}, texts of ${texts.cols}`);
  }
  const chosen = evenlySpaced(pairs.image.length, mostPairs);
  if (chosen.length === 0) throw new AppError("data/too-few", "no pairs to measure");
  const image = unitItems(images, pairs.image, chosen);
  const text = unitItems(texts, pairs.text, chosen);
  const cosines = timesTransposed(image.rows, text.rows);
  const isPair = new Uint8Array(cosines.data.length);
  for (let p = 0; p < pairs.image.length; p++) {
    const [i, j] = [image.placeOf.get(pairs.image[p]!), text.placeOf.get(pairs.text[p]!)];
    if (i !== undefined && j !== undefined) isPair[i * cosines.cols + j] = 1;
  }
  const positive = momentsWhere(cosines.data, isPair, 1);
  const negative = momentsWhere(cosines.data, isPair, 0);
  return {
    pairs: chosen.length,
    modalityGap: Math.sqrt(squaredDistance(meanRow(image.rows), meanRow(text.rows))),
    alignment: alignment(image.rows, text.rows, isPair),
    uniformity: { image: uniformity(image.rows), text: uniformity(text.rows) },
    positiveCosine: positive.mean,
    negativeCosine: negative.count > 0 ? negative.mean : null,
    separation: separation(positive, negative),
    effectiveRank: { image: effectiveRank(image.rows), text: effectiveRank(text.rows) },
    hubness: { imageToText: hubness(cosines), textToImage: hubness(transpose(cosines)) },
  };
}

/** The items of the chosen pairs, each once, as unit vectors, and the place of each row in them. */
function unitItems(all: Matrix, column: Uint32Array, chosen: Uint32Array) {
  const items = [...new Set(chosen.map((p) => column[p]!))];
  const unit = normalizeRows(takeRows(all, items));
  const bad = unit.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new AppError("data/non-finite", `row ${items[Math.floor(bad / unit.cols)] ?? 0}`);
  }
  return { rows: toMatrix64(unit), placeOf: new Map(items.map((item, place) => [item, place])) };
}

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** Mean and population variance of the values whose mark is `mark`; zeros of none. */
function momentsWhere(values: Float64Array, marks: Uint8Array, mark: 0 | 1): Moments {
  let [count, sum, squares] = [0, 0, 0];
  for (let at = 0; at < values.length; at++) {
    if (marks[at] !== mark) continue;
    count++;
    sum += values[at]!;
  }
  if (count === 0) return { count, mean: 0, variance: 0 };
  const mean = sum / count;
  for (let at = 0; at < values.length; at++) {
    if (marks[at] === mark) squares += (values[at]! - mean) ** 2;
  }
  return { count, mean, variance: squares / count };
}

function separation(positive: Moments, negative: Moments): number | null {
  const spread = Math.sqrt((positive.variance + negative.variance) / 2);
  if (negative.count === 0 || spread < NO_SPREAD) return null;
  return (positive.mean - negative.mean) / spread;
}

/** Mean ‖a − b‖² over the pairs marked in [image, text]. */
function alignment(images: Matrix64, texts: Matrix64, isPair: Uint8Array): number {
  let [count, sum] = [0, 0];
  for (let i = 0; i < images.rows; i++) {
    for (let j = 0; j < texts.rows; j++) {
      if (isPair[i * texts.rows + j] !== 1) continue;
      count++;
      sum += squaredDistance(row64(images, i), row64(texts, j));
    }
  }
  return sum / count;
}

/** ln mean over i < j of exp(−2 ‖z_i − z_j‖²); null for one item. */
function uniformity(rows: Matrix64): number | null {
  const n = rows.rows;
  if (n < 2) return null;
  const products = gram(rows).data;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const squared = products[i * n + i]! + products[j * n + j]! - 2 * products[i * n + j]!;
      sum += Math.exp(-2 * Math.max(0, squared));
    }
  }
  return Math.log(sum / ((n * (n - 1)) / 2));
}

function meanRow({ data, rows, cols }: Matrix64): Float64Array {
  const mean = new Float64Array(cols);
  for (let at = 0; at < data.length; at++) mean[at % cols]! += data[at]! / rows;
  return mean;
}

function squaredDistance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d]! - b[d]!) ** 2;
  return sum;
}
