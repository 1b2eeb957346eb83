import { beforeAll, describe, expect, it } from "vitest";
import { rng } from "../../../../src/core/math/rng";
import { openBackend } from "../../../../src/engine/align/backend";
import { infoNce } from "../../../../src/engine/align/losses/infoNce";
import { l2Normalize } from "../../../../src/engine/align/ops/l2Normalize";
import * as tf from "../../../../src/engine/align/tf";
import golden from "../../../fixtures/golden.json";
import { infoNceOracle, unitRows } from "../../../oracles/infoNce";

// The fixture of golden.json: n = 16, X = fill(1, 16, 6), Y = 0.7 X[:, 0:5] + 0.5 fill(2, 16, 5).
const v = fill(1, 16, 6).map((r) => r.slice(0, 5));
const z = fill(2, 16, 5);
const y = v.map((r, i) => r.map((value, d) => 0.7 * value + 0.5 * z[i]![d]!));
const [a, b] = [unitRows(v), unitRows(y)];
const LOG_SCALE = Math.log(1 / 0.07);

describe.each(["cpu", "wasm"] as const)("infoNce on %s", (device) => {
  beforeAll(() => openBackend(device));

  it.each([0, LOG_SCALE, Math.log(100)])("equals the definition at log scale %f", async (t) => {
    expect(await loss(a, b, t)).toBeCloseTo(infoNceOracle(a, b, t), 4);
  });

  it("has the golden values at temperatures 0.07 and 1", async () => {
    const { infoNceTau0p07, infoNceTau1 } = golden.values;
    expect(Math.abs((await loss(a, b, LOG_SCALE)) / infoNceTau0p07 - 1)).toBeLessThan(1e-5);
    expect(Math.abs((await loss(a, b, 0)) / infoNceTau1 - 1)).toBeLessThan(1e-5);
  });

  it("has the golden gradients for an embedding before its norm and for the log scale", async () => {
    const [dv, , dt] = await gradients(v, y, LOG_SCALE);
    const { gradInfoNceTau0p07dVRow2Col3, gradInfoNceTau0p07dLogScale } = golden.values;
    expect(Math.abs(dv![2 * 5 + 3]! / gradInfoNceTau0p07dVRow2Col3 - 1)).toBeLessThan(1e-3);
    expect(Math.abs(dt![0]! / gradInfoNceTau0p07dLogScale - 1)).toBeLessThan(1e-3);
  });

  it("has the gradient of the definition on both sides (central differences)", async () => {
    const [dv, dy] = await gradients(v, y, 1);
    const value = (x: number[][], w: number[][]) => infoNceOracle(unitRows(x), unitRows(w), 1);
    v.forEach((r, i) =>
      r.forEach((_, d) => {
        const image = central((by) => value(nudged(v, i, d, by), y));
        const text = central((by) => value(v, nudged(y, i, d, by)));
        expect(dv![i * 5 + d]).toBeCloseTo(image, 4);
        expect(dy![i * 5 + d]).toBeCloseTo(text, 4);
      }),
    );
  });

  it("is log B for a collapsed projector, where no direction is downhill", async () => {
    const same = v.map(() => [0.6, 0.8]);
    expect(await loss(same, same, 3)).toBeCloseTo(Math.log(16), 4);
  });

  it("treats both directions alike", async () => {
    expect(await loss(a, b, 2)).toBeCloseTo(await loss(b, a, 2), 5);
  });

  it("stays finite at a logit scale of 1e4, where exp overflows float32", async () => {
    const t = Math.log(1e4);
    expect((await loss(a, b, t)) / infoNceOracle(a, b, t)).toBeCloseTo(1, 4);
    for (const gradient of await gradients(v, y, t))
      expect(gradient.every(Number.isFinite)).toBe(true);
  });

  it("passes NaN on instead of hiding it", async () => {
    const broken = a.map((r, i) => (i === 3 ? r.map(() => NaN) : r));
    expect(await loss(broken, b, 1)).toBeNaN();
  });

  it("leaves no tensor behind", async () => {
    await loss(a, b, 1);
    await gradients(v, y, 1);
    const before = tf.memory().numTensors;
    await loss(a, b, 1);
    await gradients(v, y, 1);
    expect(tf.memory().numTensors).toBe(before);
  });
});

async function loss(x: number[][], w: number[][], t: number): Promise<number> {
  const value = tf.tidy(() => infoNce(tf.tensor2d(x), tf.tensor2d(w), tf.scalar(t)));
  const [number] = await value.data();
  value.dispose();
  return number!;
}

/** With respect to the rows before their norm, and to the log scale. */
async function gradients(x: number[][], w: number[][], t: number) {
  const tensors = tf.tidy(() =>
    tf.grads((p: tf.Tensor, q: tf.Tensor, s: tf.Tensor) =>
      infoNce(l2Normalize(p as tf.Tensor2D), l2Normalize(q as tf.Tensor2D), s as tf.Scalar),
    )([tf.tensor2d(x), tf.tensor2d(w), tf.scalar(t)]),
  );
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return values;
}

function fill(seed: number, rows: number, cols: number): number[][] {
  const random = rng(seed);
  return Array.from({ length: rows }, () => Array.from({ length: cols }, () => 2 * random() - 1));
}

function nudged(rows: number[][], i: number, d: number, by: number): number[][] {
  return rows.map((r, p) => r.map((value, e) => (p === i && e === d ? value + by : value)));
}

function central(at: (by: number) => number): number {
  return (at(1e-5) - at(-1e-5)) / 2e-5;
}
