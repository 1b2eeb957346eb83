import { toMatrix64 } from "../math/linalg/matrix64";
import { addProduct, block } from "../math/linalg/product";
import type { Matrix } from "../math/matrix";

const QUERY_ROWS = 128; // 128 x 1,024 scores = 1 MB held at a time
const GALLERY_ROWS = 1_024;

/**
 * Receives the scores of `height` queries from `queryStart` on with `width` gallery items from
 * `galleryStart` on, row-major; the array is reused for the next block.
 */
export type VisitScores = (
  scores: Float64Array,
  width: number,
  queryStart: number,
  height: number,
  galleryStart: number,
) => void;

/**
 * All dot products of queries [Q, D] with gallery items [G, D], a block at a time: float32 rows,
 * float64 sums, 1 MB held. Costs Q·G·D multiply-adds.
 */
export function forEachScores(queries: Matrix, gallery: Matrix, visit: VisitScores): void {
  const scores = new Float64Array(QUERY_ROWS * GALLERY_ROWS);
  for (let j0 = 0; j0 < gallery.rows; j0 += GALLERY_ROWS) {
    const items = toMatrix64(gallery, j0, Math.min(j0 + GALLERY_ROWS, gallery.rows));
    for (let i0 = 0; i0 < queries.rows; i0 += QUERY_ROWS) {
      const asked = toMatrix64(queries, i0, Math.min(i0 + QUERY_ROWS, queries.rows));
      const out = { data: scores.fill(0), start: 0, stride: items.rows };
      const size = { m: asked.rows, n: items.rows, k: queries.cols };
      addProduct(block(asked, 0, 0), block(items, 0, 0), out, size);
      visit(scores, items.rows, i0, asked.rows, j0);
    }
  }
}
