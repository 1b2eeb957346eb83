/** Weights as PyTorch would name them, each matrix [in, out]. */
export interface FreezeAlignWeights {
  gain: number[];
  shift: number[];
  linear: number[][];
  linearBias: number[];
  up: number[][];
  upBias: number[];
  down: number[][];
  downBias: number[];
}

/** LayerNorm(x) W_l + c_l + GELU(LayerNorm(x) W_1 + c_1) W_2 + c_2 for one row, in float64. */
export function freezeAlignOracle(x: number[], w: FreezeAlignWeights): number[] {
  const mean = x.reduce((n, v) => n + v, 0) / x.length;
  const variance = x.reduce((n, v) => n + (v - mean) ** 2, 0) / x.length;
  const h = x.map((v, d) => ((v - mean) / Math.sqrt(variance + 1e-5)) * w.gain[d]! + w.shift[d]!);
  const hidden = dense(h, w.up, w.upBias).map(geluOracle);
  const residual = dense(hidden, w.down, w.downBias);
  return dense(h, w.linear, w.linearBias).map((v, p) => v + residual[p]!);
}

/** x Φ(x), with Φ from the series of erf: exact to float64 for |x| < 6. */
export function geluOracle(x: number): number {
  const z = x / Math.SQRT2;
  let term = z;
  let sum = z;
  for (let n = 1; n < 200; n++) {
    term *= (-z * z) / n;
    sum += term / (2 * n + 1);
  }
  return x * 0.5 * (1 + (2 / Math.sqrt(Math.PI)) * sum);
}

const dense = (h: number[], weight: number[][], bias: number[]) =>
  bias.map((c, p) => h.reduce((n, v, d) => n + v * weight[d]![p]!, c));
