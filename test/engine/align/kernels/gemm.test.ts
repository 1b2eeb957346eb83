import { setFlagsFromString } from "node:v8";
import { beforeAll, describe, expect, it } from "vitest";
import { rng } from "../../../../src/core/math/rng";
import {
  GEMM_SCRATCH_BYTES,
  gemmModule,
  type GemmExports,
} from "../../../../src/engine/align/kernels/gemm";

const PAGE_BYTES = 65_536;
const OPERANDS_AT = Math.ceil(GEMM_SCRATCH_BYTES / PAGE_BYTES) * PAGE_BYTES;

// Around the tile (6 or 4 by 8) and the blocks (96 rows, 256 deep, 1,024 columns): inside, on and
// over every edge.
const SHAPES = [
  [1, 1, 1],
  [1, 7, 1],
  [5, 3, 9],
  [6, 4, 8],
  [7, 5, 17],
  [13, 255, 3],
  [12, 256, 16],
  [97, 257, 31],
  [192, 513, 8],
  [3, 6, 1025],
  [7, 260, 1033],
] as const;

type Product = readonly [m: number, k: number, n: number, transposeA: boolean, transposeB: boolean];

describe.each([true, false])("matrix product of our own, fused = %s", (fused) => {
  let multiply: (product: Product, seed?: number) => { got: Float32Array; want: Float64Array };

  beforeAll(() => {
    setFlagsFromString("--experimental-wasm-relaxed-simd"); // on by default from V8 11.4
    const bytes = gemmModule({ fused });
    expect(WebAssembly.validate(bytes)).toBe(true);
    const memory = new WebAssembly.Memory({ initial: 80 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env: { memory },
    });
    multiply = ([m, k, n, transposeA, transposeB], seed = 1) => {
      const operands = new Float32Array(memory.buffer, OPERANDS_AT);
      const random = rng(seed);
      operands.fill(NaN); // whatever is read beside the operands shows
      for (let i = 0; i < m * k + k * n; i++) operands[i] = 2 * random() - 1;
      const [a, b] = [OPERANDS_AT, OPERANDS_AT + 4 * m * k];
      const c = b + 4 * k * n;
      const strides = (transposed: boolean, rows: number, columns: number): [number, number] =>
        transposed ? [4, 4 * rows] : [4 * columns, 4];
      const { gemm } = exports as unknown as GemmExports;
      const [aRow, aColumn] = strides(transposeA, m, k);
      const [bRow, bColumn] = strides(transposeB, k, n);
      gemm(a, aRow, aColumn, b, bRow, bColumn, c, m, n, k, 0);
      const after = operands.subarray(m * k + k * n);
      expect(after[m * n], "nothing is written behind the result").toBeNaN();
      const want = new Float64Array(m * n);
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          for (let l = 0; l < k; l++) {
            const left = operands[transposeA ? l * m + i : i * k + l]!;
            want[i * n + j]! += left * operands[m * k + (transposeB ? j * k + l : l * n + j)]!;
          }
        }
      }
      return { got: after.slice(0, m * n), want };
    };
  });

  it.each(SHAPES)("equals the definition in float64: %d × %d × %d, however stored", (m, k, n) => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const { got, want } = multiply([m, k, n, transposeA, transposeB]);
        // Sums of k terms below 1: float32 keeps them to about √k units of rounding.
        const tolerance = 4 * Math.sqrt(k) * 2 ** -24 + 2 ** -22;
        const worst = want.reduce((most, value, i) => Math.max(most, Math.abs(value - got[i]!)), 0);
        expect(worst, `transposed ${transposeA} ${transposeB}`).toBeLessThan(tolerance * 4);
        expect(got.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("repeats bit for bit", () => {
    const product: Product = [61, 300, 45, true, false];
    expect(multiply(product).got).toEqual(multiply(product).got);
    expect(multiply(product, 2).got).not.toEqual(multiply(product).got);
  });
});
