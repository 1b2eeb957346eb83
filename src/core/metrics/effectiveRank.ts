import { matrix64, transpose, type Matrix64 } from "../math/linalg/matrix64";
import { gram } from "../math/linalg/product";
import { symmetricEigen } from "../math/linalg/symmetricEigen";

const NO_SPREAD = 1e-12; // total variance of unit vectors; float32 rounding alone gives 1e-14

/**
 * How many directions the rows use: exp(−Σ p_k ln p_k), p = covariance eigenvalues / trace.
 *
 * Between 1 (all on one line) and min(N − 1, P); 0 when all rows are one point. Costs about
 * N·P·m + 5 m³ multiply-adds with m = min(N, P).
 *
 * @param rows [N, P]
 * @throws AppError `data/non-finite`.
 *
 * Source: Roy and Vetterli, EUSIPCO 2007, with eigenvalues of the covariance for singular values.
 */
export function effectiveRank(rows: Matrix64): number {
  const centred = centre(rows);
  // X Xᵀ and Xᵀ X have the same eigenvalues but for zeros.
  const smaller = rows.rows < rows.cols ? gram(centred) : gram(transpose(centred));
  const values = symmetricEigen(smaller).values.map((value) => Math.max(0, value) / rows.rows);
  const trace = values.reduce((sum, value) => sum + value, 0);
  if (trace < NO_SPREAD) return 0;
  let entropy = 0;
  for (const value of values) if (value > 0) entropy -= (value / trace) * Math.log(value / trace);
  return Math.exp(entropy);
}

function centre({ data, rows, cols }: Matrix64): Matrix64 {
  const means = new Float64Array(cols);
  for (let at = 0; at < data.length; at++) means[at % cols]! += data[at]! / rows;
  return matrix64(
    rows,
    cols,
    data.map((value, at) => value - means[at % cols]!),
  );
}
