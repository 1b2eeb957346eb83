const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
const CERTAIN = 6; // 1 - erf(6) is 2e-17: below what a float64 near 1 can show

/**
 * The error function, to about 1e-15.
 *
 *   erf(x) = 2/√π e^(-x²) Σ_n 2ⁿ x^(2n+1) / (2n+1)!!
 *
 * All terms have one sign, so nothing cancels. NaN gives NaN.
 *
 * Source: Abramowitz and Stegun 1964, 7.1.6.
 */
export function erf(x: number): number {
  if (Math.abs(x) >= CERTAIN) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
}
