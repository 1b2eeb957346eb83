import type { CaptionPredictions } from "../domain/diagnosis";

/** What a word of a caption does to its agreement with the picture. */
export interface WordDrop {
  readonly word: string;
  /** Cosine of the whole caption minus that without the word: below 0 the word disagrees. */
  readonly drop: number;
}

/** A caption's words, and the caption without each of them; longer ones are cut. */
export function captionWithouts(caption: string, most: number) {
  const words = caption.trim().split(/\s+/u).filter(Boolean).slice(0, most);
  return {
    words,
    // A caption of one word has nothing left without it: there is nothing to compare.
    withouts:
      words.length > 1 ? words.map((_, k) => words.filter((_, j) => j !== k).join(" ")) : [],
  };
}

/**
 * Cosine of texts with what a picture's caption should be.
 *
 * @param vectors [texts, D] raw outputs of the text encoder.
 * @param place line of the ranking the prediction belongs to.
 * @returns [texts] in [-1, 1]; null when no prediction is kept for the line.
 */
export function predictionCosines(
  { width, rows, mean, basis }: CaptionPredictions,
  place: number,
  vectors: Float32Array,
): Float64Array | null {
  if ((place + 1) * width > rows.length) return null;
  const predicted = rows.subarray(place * width, (place + 1) * width);
  const size = mean.length;
  return Float64Array.from({ length: vectors.length / size }, (_, t) => {
    const vector = vectors.subarray(t * size, (t + 1) * size);
    const norm = Math.max(Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0)), 1e-12);
    const centred = Float64Array.from(vector, (v, d) => v / norm - (mean[d] ?? 0));
    return cosine(predicted, basis ? inBasis(basis, centred, width) : centred);
  });
}

function inBasis(basis: Float32Array, vector: Float64Array, width: number): Float64Array {
  const size = vector.length;
  return Float64Array.from({ length: width }, (_, k) => {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += (basis[k * size + d] ?? 0) * (vector[d] ?? 0);
    return sum;
  });
}

function cosine(a: Float32Array, b: Float64Array): number {
  let [product, squares, others] = [0, 0, 0];
  a.forEach((value, d) => {
    const other = b[d] ?? 0;
    product += value * other;
    squares += value * value;
    others += other * other;
  });
  return product / Math.max(Math.sqrt(squares * others), 1e-12);
}
