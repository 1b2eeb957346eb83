import { takeSpaced } from "../../core/math/evenlySpaced";
import {
  matrix64,
  row64,
  meanDiagonal,
  normalizeRows64,
  takeRows64,
  transpose,
  type Matrix64,
} from "../../core/math/linalg/matrix64";
import { gram, timesTransposed } from "../../core/math/linalg/product";
import { breathe } from "../align/breathe";
import { ridgeMap } from "../align/solvers/ridge";

/** Folds of the out-of-fold projectors. */
export const FOLDS = 5;

/** Regularisations the training folds choose from, as multiples of the mean variance. */
const REGULARISATIONS = [0.03, 0.1, 0.3, 1] as const;

const CHOICE_QUERIES = 200; // pairs of the inner fold that are asked; more hardly change the choice

/** Who is paired with whom, by row of each side, and which fold each pair is in. */
export interface FoldedPairs {
  readonly image: Uint32Array;
  readonly text: Uint32Array;
  readonly fold: Uint8Array;
}

interface Sums {
  readonly covariance: Matrix64;
  readonly cross: Matrix64;
}

/**
 * What the caption of every image should be, by a ridge projector that has not seen the image.
 *
 * Each of the five projectors is fitted on the other four folds from sums of products that are
 * computed once per fold and added up; λ is the one that ranks captions best on one of the four
 * when fitted on the other three. An image without pairs gets a zero row.
 *
 * @param image [N_image, r]; `text` [N_text, s], both centred.
 * @returns [N_image, s], L2-normalised.
 * @throws AppError `data/degenerate`, `data/non-finite`, `cancelled`.
 */
export async function predictOutOfFold(
  image: Matrix64,
  text: Matrix64,
  pairs: FoldedPairs,
  signal?: AbortSignal,
): Promise<Matrix64> {
  const members = Array.from({ length: FOLDS }, (_, f) =>
    Uint32Array.from(pairs.fold.keys()).filter((p) => pairs.fold[p] === f),
  );
  const sums: Sums[] = [];
  for (const own of members) {
    await breathe(signal);
    sums.push(sumsOf(image, text, pairs, own));
  }
  const out = matrix64(image.rows, text.cols);
  for (let f = 0; f < FOLDS; f++) {
    await breathe(signal);
    const inner = (f + 1) % FOLDS;
    const lambda = chooseLambda(image, text, pairs, {
      sums: added(sums.filter((_, g) => g !== f && g !== inner)),
      asked: members[inner]!,
    });
    await breathe(signal);
    const map = solved(added(sums.filter((_, g) => g !== f)), lambda);
    const rows = [...new Set(Array.from(members[f]!, (p) => pairs.image[p]!))];
    const predicted = normalizeRows64(timesTransposed(takeRows64(image, rows), map));
    rows.forEach((i, k) => row64(out, i).set(row64(predicted, k)));
  }
  return out;
}

function sumsOf(image: Matrix64, text: Matrix64, pairs: FoldedPairs, own: Uint32Array): Sums {
  const x = transpose(
    takeRows64(
      image,
      own.map((p) => pairs.image[p]!),
    ),
  );
  const y = transpose(
    takeRows64(
      text,
      own.map((p) => pairs.text[p]!),
    ),
  );
  return { covariance: gram(x), cross: timesTransposed(y, x) };
}

function added(parts: readonly Sums[]): Sums {
  const sum = (of: (part: Sums) => Matrix64): Matrix64 => {
    const [first, ...rest] = parts.map(of);
    const out = matrix64(first!.rows, first!.cols, first!.data.slice());
    for (const { data } of rest)
      data.forEach((value, at) => (out.data[at] = out.data[at]! + value));
    return out;
  };
  return { covariance: sum(({ covariance }) => covariance), cross: sum(({ cross }) => cross) };
}

const solved = ({ covariance, cross }: Sums, lambda: number) =>
  ridgeMap(covariance, cross, lambda * meanDiagonal(covariance));

/** The λ under which captions of held-out pairs beat most others of their fold. */
function chooseLambda(
  image: Matrix64,
  text: Matrix64,
  pairs: FoldedPairs,
  { sums, asked }: { readonly sums: Sums; readonly asked: Uint32Array },
): number {
  const queries = takeSpaced(asked, CHOICE_QUERIES);
  const gallery = [...new Set(queries.map((p) => pairs.text[p]!))];
  const place = new Map(gallery.map((t, k) => [t, k]));
  const texts = normalizeRows64(takeRows64(text, gallery));
  const images = takeRows64(
    image,
    queries.map((p) => pairs.image[p]!),
  );
  let best = { lambda: REGULARISATIONS[0] as number, beaten: -1 };
  for (const lambda of REGULARISATIONS) {
    const scores = timesTransposed(
      normalizeRows64(timesTransposed(images, solved(sums, lambda))),
      texts,
    );
    let beaten = 0;
    queries.forEach((p, q) => {
      const values = row64(scores, q);
      const own = values[place.get(pairs.text[p]!)!]!;
      for (const value of values) if (value < own) beaten++;
    });
    if (beaten > best.beaten) best = { lambda, beaten };
  }
  return best.lambda;
}
