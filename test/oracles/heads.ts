import { freezeAlignOracle, geluOracle, type FreezeAlignWeights } from "./freezeAlign";

// One row through a head, by its definition, in float64. Matrices are [in, out].

export interface SailWeights {
  gain: number[];
  shift: number[];
  gate: number[][];
  gateBias: number[];
  value: number[][];
  valueBias: number[];
  out: number[][];
  outBias: number[];
}

/** W_3 (ReLU6(clip(W_1 u + c_1)) ∘ clip(W_2 u + c_2)) + c_3 with u = LayerNorm(x). */
export function sailOracle(x: number[], w: SailWeights): number[] {
  const u = standardizeOracle(x).map((v, d) => v * w.gain[d]! + w.shift[d]!);
  const clip = (v: number) => Math.min(Math.max(v, -1e3), 1e3);
  const gate = dense(u, w.gate, w.gateBias).map((v) => Math.min(Math.max(clip(v), 0), 6));
  const value = dense(u, w.value, w.valueBias).map(clip);
  return dense(
    gate.map((v, h) => v * value[h]!),
    w.out,
    w.outBias,
  );
}

/** P x + sigmoid(g) W_2 GELU(W_1 x) on the standardised row. */
export function lowRankOracle(
  x: number[],
  w: { linear: number[][]; down: number[][]; up: number[][]; gate: number },
): number[] {
  const u = standardizeOracle(x);
  const none = (m: number[][]) => m[0]!.map(() => 0);
  const branch = dense(dense(u, w.down, none(w.down)).map(geluOracle), w.up, none(w.up));
  const open = 1 / (1 + Math.exp(-w.gate));
  return dense(u, w.linear, none(w.linear)).map((v, p) => v + open * branch[p]!);
}

/** TP_cls(first half) + TP_loc(second half), each with its own LayerNorm. */
export function freezeAlignTokensOracle(
  x: number[],
  cls: FreezeAlignWeights,
  patches: FreezeAlignWeights,
): number[] {
  const half = x.length / 2;
  const patch = freezeAlignOracle(x.slice(half), patches);
  return freezeAlignOracle(x.slice(0, half), cls).map((v, p) => v + patch[p]!);
}

export function standardizeOracle(x: number[]): number[] {
  const mean = x.reduce((n, v) => n + v, 0) / x.length;
  const variance = x.reduce((n, v) => n + (v - mean) ** 2, 0) / x.length;
  return x.map((v) => (v - mean) / Math.sqrt(variance + 1e-5));
}

const dense = (h: number[], weight: number[][], bias: number[]) =>
  bias.map((c, p) => h.reduce((n, v, d) => n + v * weight[d]![p]!, c));
