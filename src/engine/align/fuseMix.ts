import { matrix, row, takeRows, type Matrix } from "../../core/math/matrix";
import { rng, seedFrom } from "../../core/math/rng";

/** Mixing weight of a step, uniform in [0, 1): Beta(1, 1). Both modalities use the same one. */
export function mixWeight(seed: number, step: number): number {
  return rng(seedFrom(seed, "fusemix", step))();
}

/**
 * FuseMix: the first half of the rows mixed with the second, λ x_i + (1 − λ) x_{i + B/2}.
 *
 * With the same λ and the same order on both sides, mixed image i and mixed text i are a pair.
 * λ = 1 gives the first half itself.
 *
 * Source: Vouitsis et al., CVPR 2024, arXiv 2312.10144; alpha = 1, one λ per batch.
 *
 * @param source  [N, D]
 * @param indices [B] rows of the batch, B even.
 * @returns       [B/2, D]
 */
export function fuseMix(source: Matrix, indices: Uint32Array, lambda: number): Matrix {
  const half = indices.length / 2;
  const mixed = takeRows(source, indices.subarray(0, half));
  for (let i = 0; i < half; i++) {
    const target = row(mixed, i);
    const partner = row(source, indices[half + i]!);
    for (let d = 0; d < target.length; d++) {
      target[d] = lambda * target[d]! + (1 - lambda) * partner[d]!;
    }
  }
  return matrix(half, source.cols, mixed.data);
}
