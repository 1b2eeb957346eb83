import { scoresOf } from "./groupedInfoNce";

export interface SigmoidInputs {
  a: number[][];
  b: number[][];
  logScale: number;
  bias: number;
  groups?: ArrayLike<number> | null;
}

/** Σ_ij log(1 + exp(−y_ij z_ij)) / B², in float64 loops. */
export function sigmoidOracle({ a, b, logScale, bias, groups }: SigmoidInputs): number {
  const scores = scoresOf(a, b, logScale);
  const terms = scores.flatMap((row, i) =>
    row.map((score, j) => {
      const same = groups ? groups[i] === groups[j] : i === j;
      const x = (same ? -1 : 1) * (score + bias);
      return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }),
  );
  return terms.reduce((n, v) => n + v, 0) / a.length ** 2;
}
