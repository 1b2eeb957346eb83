import { columnMeans, dot, row, scoreRows, type Matrix } from "../../core/math/matrix";

/** A raw gallery less its mean, without a copy of it. */
export interface CentredGallery {
  /** Row `i` as it is, not centred. */
  row(i: number): Float32Array<ArrayBuffer>;
  /** Cosine of every row with a vector, both less the gallery's mean; 0 for a row at the mean. [N] */
  cosines(vector: ArrayLike<number>): Float64Array;
}

const known = new WeakMap<Matrix, CentredGallery>();

/** The centred view of a gallery; its mean and lengths are computed once. */
export function centredGallery(raw: Matrix): CentredGallery {
  const before = known.get(raw);
  if (before) return before;
  const mean = columnMeans(raw);
  const square = dot(mean, mean);
  const all = Uint32Array.from({ length: raw.rows }, (_, i) => i);
  const lengths = Float64Array.from(all, (i) => {
    const values = row(raw, i);
    return Math.sqrt(Math.max(0, dot(values, values) - 2 * dot(values, mean) + square));
  });
  const gallery: CentredGallery = {
    row: (i) => row(raw, i),
    cosines(vector) {
      const direction = Float32Array.from(mean, (value, d) => vector[d]! - value);
      const [length, offset] = [Math.sqrt(dot(direction, direction)), dot(mean, direction)];
      const least = 1e-6 * Math.sqrt(square) + 1e-12; // shorter is rounding only
      return scoreRows(raw, all, direction).map((score, i) =>
        lengths[i]! <= least || length <= least ? 0 : (score - offset) / (lengths[i]! * length),
      );
    },
  };
  known.set(raw, gallery);
  return gallery;
}
