import { dot, row, type Matrix } from "../../core/math/matrix";

/** Row of `gallery` with the largest dot product with each query, the first of equals: [Q]. */
export function nearestRows(queries: Matrix, gallery: Matrix): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: queries.rows }, (_, q) => {
    const query = row(queries, q);
    let best = 0;
    let most = -Infinity;
    for (let j = 0; j < gallery.rows; j++) {
      const score = dot(query, row(gallery, j));
      if (score > most) [most, best] = [score, j];
    }
    return best;
  });
}
