import { AppError } from "../../errors";
import { dot } from "../matrix";
import { matrix64, row64, transpose, type Matrix64 } from "./matrix64";
import { gram, timesTransposed } from "./product";
import { rotateRows, symmetricEigen } from "./symmetricEigen";

const ORTHOGONAL = 1e-13; // cosine below which two directions count as perpendicular
const MAXIMUM_SWEEPS = 12; // after the eigenvectors of the Gram matrix one or two are usual

/** A = Σ σ_k left_k right_kᵀ, directions as rows, largest σ first. */
export interface ThinSvd {
  /** [r, m] */
  readonly left: Matrix64;
  /** [r] */
  readonly singular: Float64Array<ArrayBuffer>;
  /** [r, n] */
  readonly right: Matrix64;
}

/**
 * Thin singular value decomposition of A [m, n], cut at its numerical rank r ≤ min(m, n).
 *
 * The Gram matrix of the smaller side gives directions that are perpendicular only to
 * (σ₁/σ)²·1e-16, so one-sided Jacobi rotations finish them; small singular values keep their
 * digits. Singular values below max(m, n)·1e-16·σ₁ are left out: A of zeros has r = 0.
 *
 * @throws AppError `data/non-finite`; `internal` when the rotations do not converge.
 *
 * Source: Hestenes 1958; Demmel and Veselić 1992.
 */
export function thinSvd(a: Matrix64): ThinSvd {
  if (a.rows > a.cols) {
    const { left, singular, right } = thinSvd(transpose(a));
    return { left: right, singular, right: left };
  }
  const left = symmetricEigen(gram(a)).vectors;
  const right = timesTransposed(left, transpose(a)); // row k: σ_k times a right direction
  orthogonalizeRows(right, left);
  return sortByLength(left, right);
}

/** Rotates pairs of rows until all are perpendicular; `partner` turns with them. */
function orthogonalizeRows(rows: Matrix64, partner: Matrix64): void {
  const n = rows.rows;
  for (let sweep = 0; sweep < MAXIMUM_SWEEPS; sweep++) {
    const before = gram(rows); // says which pairs can be skipped, cheaper than n² single products
    const floor = negligibleSquare(before, rows.cols);
    const turned = new Uint8Array(n);
    let rotations = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        const untouched = !turned[p] && !turned[q];
        if (untouched && isPerpendicular(before, p, q, floor)) continue;
        if (!turnPair(rows, partner, p, q, floor)) continue;
        turned[p] = turned[q] = 1;
        rotations++;
      }
    }
    if (rotations === 0) return;
  }
  throw new AppError("internal", `singular vectors did not converge (${n} rows)`);
}

/** Squared length below which a row is rounding noise: (max(m, n)·1e-16·σ₁)². */
function negligibleSquare(squares: Matrix64, cols: number): number {
  let largest = 0;
  for (let i = 0; i < squares.rows; i++) {
    largest = Math.max(largest, squares.data[i * squares.rows + i]!);
  }
  return largest * (cols * Number.EPSILON) ** 2;
}

function isPerpendicular(squares: Matrix64, p: number, q: number, floor: number): boolean {
  const n = squares.rows;
  const pp = squares.data[p * n + p]!;
  const qq = squares.data[q * n + q]!;
  if (pp <= floor || qq <= floor) return true;
  return Math.abs(squares.data[p * n + q]!) <= ORTHOGONAL * Math.sqrt(pp * qq);
}

/** One Jacobi rotation; false when the two rows are perpendicular already. */
function turnPair(rows: Matrix64, partner: Matrix64, p: number, q: number, floor: number): boolean {
  const x = row64(rows, p);
  const y = row64(rows, q);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let d = 0; d < x.length; d++) {
    xx += x[d]! * x[d]!;
    yy += y[d]! * y[d]!;
    xy += x[d]! * y[d]!;
  }
  if (xx <= floor || yy <= floor || Math.abs(xy) <= ORTHOGONAL * Math.sqrt(xx * yy)) return false;
  const zeta = (yy - xx) / (2 * xy);
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  rotateRows(rows, p, q, cosine, cosine * tangent);
  rotateRows(partner, p, q, cosine, cosine * tangent);
  return true;
}

function sortByLength(left: Matrix64, right: Matrix64): ThinSvd {
  const lengths = Float64Array.from({ length: right.rows }, (_, i) => {
    const view = row64(right, i);
    return Math.sqrt(dot(view, view));
  });
  const order = Array.from(lengths.keys()).sort((i, j) => lengths[j]! - lengths[i]!);
  const floor = (lengths[order[0]!] ?? 0) * right.cols * Number.EPSILON;
  const kept = order.filter((i) => lengths[i]! > floor);
  const out = { left: matrix64(kept.length, left.cols), right: matrix64(kept.length, right.cols) };
  kept.forEach((from, to) => {
    row64(out.left, to).set(row64(left, from));
    row64(out.right, to).set(row64(right, from).map((value) => value / lengths[from]!));
  });
  return { ...out, singular: Float64Array.from(kept, (i) => lengths[i]!) };
}
