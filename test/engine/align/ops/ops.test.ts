import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../../src/engine/align/backend";
import { gatedProduct } from "../../../../src/engine/align/ops/gatedProduct";
import { gelu } from "../../../../src/engine/align/ops/gelu";
import { l2Normalize } from "../../../../src/engine/align/ops/l2Normalize";
import { matMul } from "../../../../src/engine/align/ops/matMul";
import * as tf from "../../../../src/engine/align/tf";
import { geluOracle } from "../../../oracles/freezeAlign";

const a = [
  [0.3, -1.2, 2.1],
  [-0.7, 0.4, 0.9],
];
const b = [
  [1.1, -0.2, 0.5, 2.0],
  [0.6, 0.8, -1.4, 0.1],
  [-0.9, 0.7, 0.2, -0.3],
];

describe.each(["cpu", "wasm"] as const)("operations on %s", (device) => {
  beforeAll(() => openBackend(device));

  it("matMul and both its gradients equal tfjs' own", async () => {
    const run = async (product: (x: tf.Tensor2D, w: tf.Tensor2D) => tf.Tensor) => {
      const loss = (x: tf.Tensor, w: tf.Tensor) =>
        tf.sum(tf.sin(product(x as tf.Tensor2D, w as tf.Tensor2D))) as tf.Scalar;
      return values(tf.tidy(() => [...tf.grads(loss)([tf.tensor2d(a), tf.tensor2d(b)])]));
    };
    const [own, reference] = [await run(matMul), await run((x, w) => tf.matMul(x, w))];
    own.flat().forEach((value, i) => expect(value).toBeCloseTo(reference.flat()[i]!, 5));
  });

  it("gatedProduct bounds both halves, and where it does, nothing flows back", async () => {
    const gates = [-1, 0.5, 3, 7, 2, 2];
    const others = [4, -2, 5, 1.5, 2_000, -1e30];
    const bounded = [0, 0.5, 3, 6, 2, 2].map((g, i) => g * [4, -2, 5, 1.5, 1_000, -1_000][i]!);
    const [out, slope] = await values(
      tf.tidy(() => {
        const x = tf.tensor2d([[...gates, ...others]]);
        const loss = (t: tf.Tensor) => tf.sum(gatedProduct(t as tf.Tensor2D));
        return [gatedProduct(x), tf.grad(loss)(x)];
      }),
    );
    expect(out).toEqual(bounded);
    expect(slope).toEqual([0, -2, 5, 0, 1_000, -1_000, 0, 0.5, 3, 6, 0, 0]);
  });

  it("gatedProduct passes NaN of either half on", async () => {
    const [out] = await values(tf.tidy(() => [gatedProduct(tf.tensor2d([[NaN, 1, 1, NaN]]))]));
    expect(out).toEqual([NaN, NaN]);
  });

  it("gelu and its gradient follow x Φ(x) for small, large and negative inputs", async () => {
    const points = [-5, -3, -1, -0.1, 0, 0.1, 0.7, 2, 5];
    const [out, slope] = await values(
      tf.tidy(() => {
        const x = tf.tensor1d(points);
        return [gelu(x), tf.grad((t: tf.Tensor) => tf.sum(gelu(t)))(x)];
      }),
    );
    points.forEach((x, i) => {
      expect(out![i]).toBeCloseTo(geluOracle(x), 5);
      const numeric = (geluOracle(x + 1e-5) - geluOracle(x - 1e-5)) / 2e-5;
      expect(slope![i]).toBeCloseTo(numeric, 4);
    });
  });

  it("l2Normalize gives unit rows and leaves a zero row zero", async () => {
    const rows = [
      [3, 4, 12],
      [0, 0, 0],
      [-0.1, 0.2, -0.2],
    ];
    const [out] = await values(tf.tidy(() => [l2Normalize(tf.tensor2d(rows))]));
    const expected = [3 / 13, 4 / 13, 12 / 13, 0, 0, 0, -1 / 3, 2 / 3, -2 / 3];
    expected.forEach((value, i) => expect(out![i]).toBeCloseTo(value, 6));
  });
});

async function values(tensors: tf.Tensor[]): Promise<number[][]> {
  const read = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return read.map((array) => Array.from(array));
}
