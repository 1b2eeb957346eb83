import { matrix64, type Matrix64 } from "../../src/core/math/linalg/matrix64";
import { rng } from "../../src/core/math/rng";
import golden from "../fixtures/golden.json";

export { golden };

/** `rows` as a float64 matrix. */
export function rows64(...rows: number[][]): Matrix64 {
  return matrix64(rows.length, rows[0]?.length ?? 0, Float64Array.from(rows.flat()));
}

/** Uniform in [-1, 1), as golden.json's `generator` says. */
export function fill(seed: number, rows: number, cols: number): Matrix64 {
  const random = rng(seed);
  return matrix64(
    rows,
    cols,
    Float64Array.from({ length: rows * cols }, () => 2 * random() - 1),
  );
}

/** Standard normal, as golden.json's `syntheticRetrieval.generator` says. */
export function gauss(seed: number, rows: number, cols: number): Matrix64 {
  const random = rng(seed);
  const normal = () => {
    const u = Math.max(random(), 1e-12);
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random());
  };
  return matrix64(rows, cols, Float64Array.from({ length: rows * cols }, normal));
}

/** X [16, 6] and Y [16, 5] of golden.json. */
export function goldenSides(): { x: Matrix64; y: Matrix64 } {
  const x = fill(1, 16, 6);
  const z = fill(2, 16, 5);
  const y = z.data.map((value, at) => {
    return 0.7 * x.data[Math.floor(at / 5) * 6 + (at % 5)]! + 0.5 * value;
  });
  return { x, y: matrix64(16, 5, y) };
}

/** The two tanh views of one latent of golden.json's known-answer task: x [n, 64], y [n, 48]. */
export function syntheticViews(n: number, seed: number): { x: Matrix64; y: Matrix64 } {
  const z = gauss(seed, n, 16);
  const view = (mixingSeed: number, noiseSeed: number, width: number) => {
    const mixing = gauss(mixingSeed, 16, width);
    const noise = gauss(noiseSeed, n, width);
    const data = noise.data.map((value, at) => {
      const [i, d] = [Math.floor(at / width), at % width];
      let sum = 0;
      for (let k = 0; k < 16; k++) sum += (z.data[i * 16 + k]! * mixing.data[k * width + d]!) / 4;
      return Math.tanh(sum) + 0.3 * value;
    });
    return matrix64(n, width, data);
  };
  return { x: view(101, seed + 1, 64), y: view(102, seed + 2, 48) };
}

/** Column means of `m`, and `m` without `means` (its own when left out). */
export function centred(m: Matrix64, means = columnMeans(m)): Matrix64 {
  return matrix64(
    m.rows,
    m.cols,
    m.data.map((value, at) => value - means[at % m.cols]!),
  );
}

export function columnMeans({ data, rows, cols }: Matrix64): Float64Array {
  const means = new Float64Array(cols);
  data.forEach((value, at) => (means[at % cols]! += value / rows));
  return means;
}
