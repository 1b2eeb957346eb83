import { AppError } from "../../core/errors";
import { dot } from "../../core/math/matrix";

/** A vector of the shared space and how much it counts. */
export interface WeightedVector {
  /** [P] */
  readonly vector: Float32Array<ArrayBuffer>;
  readonly weight: number;
}

const LEAST_LENGTH = 1e-6; // of the sum of unit vectors; below it only rounding is left

/**
 * The direction several vectors point in together: each to length 1, times its weight, summed, to
 * length 1 again. One term alone stays as it is, because CSA's vectors have lengths that count; the order
 * of the terms changes nothing but rounding.
 *
 * @returns [P], L2-normalised where there are several.
 * @throws AppError `query/empty` when the terms cancel out or there are none, `data/non-finite`.
 */
export function combineTerms(terms: readonly WeightedVector[]): Float32Array<ArrayBuffer> {
  const [first] = terms;
  if (first && terms.length === 1 && first.weight > 0) return first.vector.slice();
  const sum = new Float64Array(first?.vector.length ?? 0);
  for (const { vector, weight } of terms) {
    const norm = Math.sqrt(dot(vector, vector));
    if (!Number.isFinite(norm * weight)) throw new AppError("data/non-finite", "query vector");
    if (norm === 0) continue;
    for (let d = 0; d < sum.length; d++) sum[d] = sum[d]! + (weight * vector[d]!) / norm;
  }
  const length = Math.sqrt(dot(sum, sum));
  if (length < LEAST_LENGTH) throw new AppError("query/empty", "the terms cancel each other out");
  return Float32Array.from(sum, (value) => value / length);
}
