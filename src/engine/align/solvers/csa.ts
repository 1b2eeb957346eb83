import { AppError } from "../../../core/errors";
import { cholesky, solveLower, solveUpper } from "../../../core/math/linalg/cholesky";
import { firstRows, meanDiagonal, transpose } from "../../../core/math/linalg/matrix64";
import { matrix64, row64, type Matrix64 } from "../../../core/math/linalg/matrix64";
import { timesTransposed } from "../../../core/math/linalg/product";
import { symmetricEigen } from "../../../core/math/linalg/symmetricEigen";
import { breathe } from "../breathe";
import { linearProjector, type ClosedFormFit } from "./linearProjector";
import type { TrainingMoments } from "./moments";
import { DEFAULT_REGULARISATION, REGULARISATIONS } from "./ridge";
import type { RidgeSolution, RidgeSolutions } from "./ridge";
import { climb, indexOfMaximum, rankGrid, scaleColumns, scorePrefixes } from "./selection";
import type { SelectionSet } from "./selection";

const DEFAULT_RANK = 128; // without a validation split
// Squared correlations carry rounding of 1e-16, so below this a correlation is noise.
const NEGLIGIBLE = 1e-6;

/** Canonical directions of the text side and what they correlate with. */
export interface CanonicalText {
  /** [r] correlations, largest first, in (0, 1]. */
  readonly correlations: Float64Array<ArrayBuffer>;
  /** Bᵀ [r, D_text]. */
  readonly text: Matrix64;
}

/**
 * Regularised canonical correlations, with the image side already solved by ridge regression.
 *
 * With C_y = L Lᵀ and W = C_x⁻¹ C_xy, the matrix L⁻¹ C_xyᵀ W L⁻ᵀ = V diag(ρ²) Vᵀ is that of the
 * whitened cross-covariance's right singular vectors, so B = L⁻ᵀ V, and A = W B diag(1/ρ) are the
 * canonical directions: no eigenvectors of the wide image side are needed.
 *
 * @param ridge  Wᵀ [D_text, D_image], regularised as the image covariance should be.
 * @param cross  [D_text, D_image], C_xyᵀ on the scale of the covariances.
 * @param covariance [D_text, D_text]
 * @param shift  added to the diagonal of `covariance`.
 * @throws AppError `data/degenerate`, `data/non-finite`.
 *
 * Source: Hotelling 1936; Li, Chinchali, Topcu, ICLR 2025, arXiv 2410.07610, section 3.
 */
export function canonicalText(
  ridge: Matrix64,
  cross: Matrix64,
  covariance: Matrix64,
  shift: number,
): CanonicalText {
  const factor = cholesky(covariance, shift);
  const half = transpose(solveLower(factor, timesTransposed(cross, ridge)));
  const { values, vectors } = symmetricEigen(symmetrized(solveLower(factor, half)));
  const correlations = values.map((value) => Math.sqrt(Math.max(value, 0)));
  const rank = correlations.filter((rho) => rho > NEGLIGIBLE * correlations[0]!).length;
  if (rank === 0) throw new AppError("data/degenerate", "nothing correlates across the sides");
  return {
    correlations: correlations.slice(0, rank),
    text: solveUpper(factor, firstRows(vectors, rank)),
  };
}

/** Aᵀ [r, D_image]: the image directions that go with the text directions. */
export function canonicalImage({ correlations, text }: CanonicalText, ridge: Matrix64): Matrix64 {
  const maps = timesTransposed(text, transpose(ridge));
  correlations.forEach((rho, k) => {
    const direction = row64(maps, k);
    for (let d = 0; d < direction.length; d++) direction[d] = direction[d]! / rho;
  });
  return maps;
}

function symmetrized(m: Matrix64): Matrix64 {
  const other = transpose(m);
  return matrix64(
    m.rows,
    m.cols,
    m.data.map((value, at) => (value + other.data[at]!) / 2),
  );
}

/**
 * CSA: canonical correlation analysis scored by Σ ρ_k u_k v_k over L2-normalised projections, the
 * regularisation of both sides and the number of dimensions chosen on validation.
 *
 * √ρ is each projector's output scale, so a dot product of two outputs is the score.
 * `chosen`: `epsilon`, as a multiple of tr(C) / d of either side, and `rank`.
 *
 * @throws AppError `data/degenerate`, `data/non-finite`, `cancelled`.
 */
export async function fitCsa(
  moments: TrainingMoments,
  selection: SelectionSet | null,
  solutions: RidgeSolutions,
  signal?: AbortSignal,
): Promise<ClosedFormFit> {
  const cross = await moments.crossCovariance(signal);
  const covariance = await moments.textCovariance(signal);
  const candidates = new Map<number, Candidate>();
  const scoreOf = async (epsilon: number) => {
    const solution = await solutions.at(epsilon, signal);
    await breathe(signal);
    const shift = epsilon * meanDiagonal(covariance);
    const canonical = canonicalText(solution.map, cross, covariance, shift);
    const candidate = pickRank(canonical, solution, selection);
    candidates.set(epsilon, candidate);
    return candidate.score;
  };
  // Without validation every score is 0: one candidate, the default, is all there is to solve.
  const grid = selection ? REGULARISATIONS : [DEFAULT_REGULARISATION];
  const epsilon = await climb(grid, DEFAULT_REGULARISATION, scoreOf);
  const { canonical, solution, rank } = candidates.get(epsilon)!;
  const kept = {
    correlations: canonical.correlations.slice(0, rank),
    text: firstRows(canonical.text, rank),
  };
  const scale = kept.correlations.map(Math.sqrt);
  const image = canonicalImage(kept, solution.map);
  return {
    projectors: {
      image: linearProjector("image", moments.image.mean, image, scale),
      text: linearProjector("text", moments.text.mean, kept.text, scale),
    },
    chosen: { epsilon, rank },
  };
}

interface Candidate {
  readonly canonical: CanonicalText;
  readonly solution: RidgeSolution;
  readonly rank: number;
  readonly score: number;
}

function pickRank(
  canonical: CanonicalText,
  solution: RidgeSolution,
  selection: SelectionSet | null,
): Candidate {
  const full = canonical.correlations.length;
  if (!selection || !solution.predictions) {
    return { canonical, solution, rank: Math.min(DEFAULT_RANK, full), score: 0 };
  }
  // u = Aᵀ x = (Bᵀ Wᵀ x) / ρ: the ridge predictions already hold the wide product.
  const inverse = canonical.correlations.map((rho) => 1 / rho);
  const u = scaleColumns(timesTransposed(solution.predictions, canonical.text), inverse);
  const v = timesTransposed(selection.text, canonical.text);
  const ranks = rankGrid(full);
  const scores = scorePrefixes(u, v, ranks, selection.relevance, canonical.correlations);
  const at = indexOfMaximum(scores);
  return { canonical, solution, rank: ranks[at]!, score: scores[at]! };
}
