import { kthLargest } from "../../../core/math/kthLargest";

/** How similarities to anchors become coordinates. */
export interface RelativeOptions {
  /** k: how many anchors of each item are kept; equal similarities are kept together. */
  readonly neighbours: number;
  /** p: the power that favours the nearest of them. */
  readonly power: number;
}

/**
 * Similarities to anchors as relative coordinates, in place: negatives become 0, all but the k
 * largest become 0, the rest is raised to the power p, and the row is L2-normalised.
 *
 * A row without a positive similarity stays 0; one with NaN becomes NaN.
 *
 * @param similarities [N, width] row-major, cosines.
 * @param width        number of anchors.
 */
export function relativeRows<T extends Float32Array | Float64Array>(
  similarities: T,
  width: number,
  { neighbours, power }: RelativeOptions,
): void {
  const kept = Math.min(neighbours, width);
  const scratch = new Float64Array(width);
  for (let start = 0; start < similarities.length; start += width) {
    const row = similarities.subarray(start, start + width);
    let sum = 0;
    for (let a = 0; a < width; a++) sum += scratch[a] = Math.max(row[a]!, 0);
    if (Number.isNaN(sum)) {
      row.fill(NaN);
      continue;
    }
    const least = kthLargest(scratch, kept);
    let squares = 0;
    for (let a = 0; a < width; a++) {
      const value = row[a]! >= least && row[a]! > 0 ? row[a]! ** power : 0;
      squares += (row[a] = value) ** 2;
    }
    const norm = Math.max(Math.sqrt(squares), 1e-30); // 0.05 ** 16 is 1e-21
    for (let a = 0; a < width; a++) row[a] = row[a]! / norm;
  }
}
