import { cholesky, solveLower, solveUpper } from "../../../core/math/linalg/cholesky";
import { identity64, meanDiagonal, type Matrix64 } from "../../../core/math/linalg/matrix64";
import { timesTransposed } from "../../../core/math/linalg/product";
import { breathe } from "../breathe";
import { linearProjector, type ClosedFormFit } from "./linearProjector";
import type { TrainingMoments } from "./moments";
import { climb, scorePrefixes, type SelectionSet } from "./selection";

/** Regularisations to choose from, as multiples of the mean variance tr(C) / d of a side. */
export const REGULARISATIONS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30] as const;

/** Where the search starts, and what stands without a validation split: best on the sample. */
export const DEFAULT_REGULARISATION = 0.3;

/**
 * Ridge regression from images to texts: Wᵀ for W = (C_x + λ I)⁻¹ C_xy, by Cholesky.
 *
 * @param covariance [D_image, D_image], symmetric.
 * @param cross      [D_text, D_image], C_xyᵀ.
 * @param shift      λ, on the scale of `covariance`.
 * @returns [D_text, D_image]
 * @throws AppError `data/degenerate`, `data/non-finite`.
 *
 * Source: Hoerl and Kennard 1970.
 */
export function ridgeMap(covariance: Matrix64, cross: Matrix64, shift: number): Matrix64 {
  const factor = cholesky(covariance, shift);
  return solveUpper(factor, solveLower(factor, cross));
}

/** One regularisation of the image side, solved. */
export interface RidgeSolution {
  /** Multiple of tr(C_x) / d. */
  readonly regularisation: number;
  /** Wᵀ [D_text, D_image]. */
  readonly map: Matrix64;
  /** [I, D_text] predictions for the validation images; null without a validation split. */
  readonly predictions: Matrix64 | null;
}

/** Ridge solutions of one training set, each solved once: ridge and CSA share them. */
export class RidgeSolutions {
  readonly #moments: TrainingMoments;
  readonly #selection: SelectionSet | null;
  readonly #solved = new Map<number, RidgeSolution>();

  constructor(moments: TrainingMoments, selection: SelectionSet | null) {
    this.#moments = moments;
    this.#selection = selection;
  }

  /** @throws AppError `data/degenerate`, `data/non-finite`, `cancelled`. */
  async at(regularisation: number, signal?: AbortSignal): Promise<RidgeSolution> {
    const known = this.#solved.get(regularisation);
    if (known) return known;
    const covariance = await this.#moments.imageCovariance(signal);
    const cross = await this.#moments.crossCovariance(signal);
    await breathe(signal);
    const factor = cholesky(covariance, regularisation * meanDiagonal(covariance));
    await breathe(signal);
    const half = solveLower(factor, cross);
    await breathe(signal);
    const map = solveUpper(factor, half);
    await breathe(signal);
    const predictions = this.#selection && timesTransposed(this.#selection.image, map);
    const solution = { regularisation, map, predictions };
    this.#solved.set(regularisation, solution);
    return solution;
  }
}

/**
 * Ridge from images to texts, compared by cosine in the text space; λ chosen on validation.
 *
 * `chosen`: `lambda`, as a multiple of tr(C_x) / d.
 *
 * @throws AppError `data/degenerate`, `data/non-finite`, `cancelled`.
 */
export async function fitRidge(
  moments: TrainingMoments,
  selection: SelectionSet | null,
  solutions: RidgeSolutions,
  signal?: AbortSignal,
): Promise<ClosedFormFit> {
  const scoreOf = async (regularisation: number) => {
    const { predictions } = await solutions.at(regularisation, signal);
    if (!selection || !predictions) return 0;
    const full = [predictions.cols];
    return scorePrefixes(predictions, selection.text, full, selection.relevance)[0]!;
  };
  const lambda = selection
    ? await climb(REGULARISATIONS, DEFAULT_REGULARISATION, scoreOf)
    : DEFAULT_REGULARISATION;
  const { map } = await solutions.at(lambda, signal);
  return {
    projectors: {
      image: linearProjector("image", moments.image.mean, map),
      text: linearProjector("text", moments.text.mean, identity64(map.rows)),
    },
    chosen: { lambda },
  };
}
