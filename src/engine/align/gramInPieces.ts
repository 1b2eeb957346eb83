import { matrix64, type Matrix64 } from "../../core/math/linalg/matrix64";
import { addGramRows, GRAM_ROWS, mirrorLower } from "../../core/math/linalg/product";
import { breathe } from "./breathe";

/**
 * a aᵀ [m, m], symmetric to the bit, in pieces between which the worker stays responsive.
 *
 * @throws AppError `cancelled`.
 */
export async function gramInPieces(a: Matrix64, signal?: AbortSignal): Promise<Matrix64> {
  const out = matrix64(a.rows, a.rows);
  for (let start = 0; start < a.rows; start += GRAM_ROWS) {
    await breathe(signal);
    addGramRows(a, out, start);
  }
  mirrorLower(out);
  return out;
}
