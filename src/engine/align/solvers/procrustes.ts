import { AppError } from "../../../core/errors";
import { firstRows, type Matrix64 } from "../../../core/math/linalg/matrix64";
import { timesTransposed } from "../../../core/math/linalg/product";
import { thinSvd } from "../../../core/math/linalg/thinSvd";
import { breathe } from "../breathe";
import { linearProjector, type ClosedFormFit } from "./linearProjector";
import type { TrainingMoments } from "./moments";
import { indexOfMaximum, rankGrid, scaleColumns, scorePrefixes } from "./selection";
import type { SelectionSet } from "./selection";

const DEFAULT_RANK = 128; // without a validation split; within a point of the best on the sample

/** Directions of both sides that belong together, strongest first. */
export interface ProcrustesMaps {
  /** [r, D_image] */
  readonly image: Matrix64;
  /** [r, D_text] */
  readonly text: Matrix64;
  /** [r] singular values of the cross-covariance. */
  readonly singular: Float64Array<ArrayBuffer>;
}

/**
 * Orthogonal Procrustes: C = Xcᵀ Yc = U Σ Vᵀ; x is compared as Uᵀ x with y as Vᵀ y. With all
 * dimensions that is the rotation R = U Vᵀ (reflections allowed) that minimises ‖Xc R - Yc‖.
 *
 * @param cross [D_text, D_image], Ycᵀ Xc up to a factor.
 * @param deviations [D_image] divides the image dimensions first (z-scoring) when given.
 * @throws AppError `data/degenerate` when one side does not vary.
 *
 * Source: Schönemann 1966; Maiorca et al., NeurIPS 2023.
 */
export function procrustesMaps(cross: Matrix64, deviations?: Float64Array): ProcrustesMaps {
  const inverse = deviations?.map((value) => 1 / value);
  const { left, singular, right } = thinSvd(inverse ? scaleColumns(cross, inverse) : cross);
  if (singular.length === 0) throw new AppError("data/degenerate", "cross-covariance is zero");
  return { image: inverse ? scaleColumns(right, inverse) : right, text: left, singular };
}

/**
 * Procrustes with the rank, and whether the image side is z-scored, chosen on validation.
 *
 * `chosen`: `rank`, and `standardized` 0 or 1.
 *
 * @throws AppError `data/degenerate`, `data/non-finite`, `cancelled`.
 */
export async function fitProcrustes(
  moments: TrainingMoments,
  selection: SelectionSet | null,
  options: { readonly signal?: AbortSignal | undefined; readonly cross?: Matrix64 } = {},
): Promise<ClosedFormFit> {
  const { signal } = options;
  const cross = options.cross ?? (await moments.crossCovariance(signal));
  await breathe(signal);
  let best = pickRank(procrustesMaps(cross), selection);
  let standardized = 0;
  if (selection) {
    await breathe(signal);
    const scaled = pickRank(procrustesMaps(cross, moments.imageDeviations()), selection);
    if (scaled.score > best.score) [best, standardized] = [scaled, 1];
  }
  const { maps, rank } = best;
  return {
    projectors: {
      image: linearProjector("image", moments.image.mean, firstRows(maps.image, rank)),
      text: linearProjector("text", moments.text.mean, firstRows(maps.text, rank)),
    },
    chosen: { rank, standardized },
  };
}

function pickRank(maps: ProcrustesMaps, selection: SelectionSet | null) {
  const full = maps.singular.length;
  if (!selection) return { maps, rank: Math.min(DEFAULT_RANK, full), score: 0 };
  const ranks = rankGrid(full);
  const u = timesTransposed(selection.image, maps.image);
  const v = timesTransposed(selection.text, maps.text);
  const scores = scorePrefixes(u, v, ranks, selection.relevance);
  const at = indexOfMaximum(scores);
  return { maps, rank: ranks[at]!, score: scores[at]! };
}
