import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { rng } from "../../src/core/math/rng";
import { openBackend } from "../../src/engine/align/backend";
import { infoNce } from "../../src/engine/align/losses/infoNce";
import { l2Normalize } from "../../src/engine/align/ops/l2Normalize";
import * as tf from "../../src/engine/align/tf";
import { openTrainer } from "../../src/engine/align/trainer";
import { WASM_FILES } from "../../src/engine/align/wasmFiles";
import { infoNceOracle, unitRows } from "../oracles/infoNce";
import { latentData } from "../support/alignmentFixture";

const random = rng(21);
const noise = (rows: number, cols: number) =>
  Array.from({ length: rows }, () => Array.from({ length: cols }, () => 2 * random() - 1));
const [image, text] = [noise(7, 4), noise(7, 4)];
const LOG_SCALE = Math.log(1 / 0.07);

/** Losses of the first steps and what they did to the weights, on the backend now open. */
async function firstSteps(device: "webgpu" | "wasm", steps: number) {
  const trainer = openTrainer({
    data: latentData({ train: 24 }),
    settings: resolveRecipe({ version: 1, data: { project: "p" } }).align,
    training: {
      steps: 20,
      batchSize: 16,
      fuseMix: true,
      dimension: 8,
      dropout: 0.1,
      patience: null,
    },
    device,
  });
  const losses: number[] = [];
  const counts = new Set<number>();
  for (let step = 0; step < steps; step++) {
    const loss = await trainer.step(step);
    losses.push((await loss.data())[0]!);
    loss.dispose();
    counts.add(tf.memory().numTensors);
  }
  const { weights } = await trainer.snapshot();
  trainer.dispose();
  return { losses, weights, counts };
}

describe("alignment on WebGPU", () => {
  // Asked for by name, so that SwiftShader will do where there is no graphics processor.
  beforeAll(async () => {
    expect((await openBackend("webgpu")).device).toBe("webgpu");
  });
  afterAll(() => openBackend("wasm", { wasmPaths: WASM_FILES }));

  it("gives InfoNCE its defined value and gradients", async () => {
    const loss = (a: number[][], b: number[][]) =>
      infoNceOracle(unitRows(a), unitRows(b), LOG_SCALE);
    const { value, grads } = tf.valueAndGrads((a: tf.Tensor, b: tf.Tensor, t: tf.Tensor) =>
      infoNce(l2Normalize(a as tf.Tensor2D), l2Normalize(b as tf.Tensor2D), t as tf.Scalar),
    )([tf.tensor2d(image), tf.tensor2d(text), tf.scalar(LOG_SCALE)]);
    expect((await value.data())[0]).toBeCloseTo(loss(image, text), 4);
    const [da, db] = [await grads[0]!.data(), await grads[1]!.data()];
    const nudged = (rows: number[][], i: number, d: number, by: number) =>
      rows.map((r, p) => r.map((v, e) => (p === i && e === d ? v + by : v)));
    image.forEach((r, i) =>
      r.forEach((_, d) => {
        const at = (by: number) => loss(nudged(image, i, d, by), text);
        const from = (by: number) => loss(image, nudged(text, i, d, by));
        expect(da[i * 4 + d]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 3);
        expect(db[i * 4 + d]).toBeCloseTo((from(1e-5) - from(-1e-5)) / 2e-5, 3);
      }),
    );
  });

  it("trains as wasm does, without leaking a tensor", async () => {
    const gpu = await firstSteps("webgpu", 8);
    expect(gpu.counts.size).toBe(1);
    await openBackend("wasm", { wasmPaths: WASM_FILES });
    const wasm = await firstSteps("wasm", 8);
    gpu.losses.forEach((loss, step) => expect(loss).toBeCloseTo(wasm.losses[step]!, 3));
    expect(new Set(wasm.losses).size).toBe(8);
    for (const [name, { data }] of Object.entries(wasm.weights)) {
      data.forEach((v, i) =>
        expect(Math.abs(gpu.weights[name]!.data[i]! - v), `${name}[${i}]`).toBeLessThan(1e-3),
      );
    }
  });
});
