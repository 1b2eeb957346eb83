import { unitRows } from "./infoNce";

type Divergence = "code" | "jensen-shannon";

export interface StructureOracleOptions {
  divergence: Divergence;
  temperature: number;
  levels: number;
}

/** Normalise, centre, softmax of the products, matrix powers; in float64 loops. */
export function neighbourOracle(rows: number[][], temperature: number, levels: number) {
  return powersOf(softmaxOf(centre(unitRows(rows)), temperature), levels);
}

export function structureOracle(
  frozen: number[][],
  aligned: number[][],
  { divergence, temperature, levels }: StructureOracleOptions,
): number {
  const before = neighbourOracle(frozen, temperature, levels);
  const after = neighbourOracle(aligned, temperature, levels);
  const terms = before.map((p, l) => meanDivergence(p, after[l]!, divergence) / (l + 1));
  return terms.reduce((n, v) => n + v, 0) / levels;
}

function meanDivergence(p: number[][], q: number[][], divergence: Divergence): number {
  const rows = p.map((r, i) => {
    const m = r.map((value, j) => (value + q[i]![j]!) / 2);
    return divergence === "code" ? (kl(m, q[i]!) + kl(m, r)) / 2 : (kl(r, m) + kl(q[i]!, m)) / 2;
  });
  return rows.reduce((n, v) => n + v, 0) / p.length;
}

const kl = (p: number[], q: number[]) =>
  p.reduce((n, v, j) => n + v * (Math.log(v + 1e-12) - Math.log(q[j]! + 1e-12)), 0);

export function centre(rows: number[][]): number[][] {
  const means = rows[0]!.map((_, d) => rows.reduce((n, r) => n + r[d]!, 0) / rows.length);
  return rows.map((r) => r.map((v, d) => v - means[d]!));
}

function softmaxOf(z: number[][], temperature: number): number[][] {
  return z.map((p) => {
    const scores = z.map((q) => p.reduce((n, v, d) => n + v * q[d]!, 0) / temperature);
    const max = Math.max(...scores);
    const exponentials = scores.map((s) => Math.exp(s - max));
    const sum = exponentials.reduce((n, v) => n + v, 0);
    return exponentials.map((e) => e / sum);
  });
}

function powersOf(p: number[][], levels: number): number[][][] {
  const powers = [p];
  while (powers.length < levels) {
    const last = powers.at(-1)!;
    powers.push(last.map((r) => p.map((_, j) => r.reduce((n, v, k) => n + v * p[k]![j]!, 0))));
  }
  return powers;
}
