import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rng } from "../../src/core/math/rng";
import { openBackend } from "../../src/engine/align/backend";
import { infoNce } from "../../src/engine/align/losses/infoNce";
import { l2Normalize } from "../../src/engine/align/ops/l2Normalize";
import * as tf from "../../src/engine/align/tf";
import { openTrainer } from "../../src/engine/align/trainer";
import { WASM_FILES } from "../../src/engine/align/wasmFiles";
import { infoNceOracle, unitRows } from "../oracles/infoNce";
import { relatedPairs, trainerOptions } from "../support/trainingFixture";

const random = rng(21);
const noise = (rows: number, cols: number) =>
  Array.from({ length: rows }, () => Array.from({ length: cols }, () => 2 * random() - 1));
const [image, text] = [noise(7, 4), noise(7, 4)];
const LOG_SCALE = Math.log(1 / 0.07);

/** Losses of the first ten steps and what they did to the weights, on the backend now open. */
async function firstSteps(device: "webgpu" | "wasm", align: Record<string, unknown>) {
  const options = trainerOptions(align, { data: relatedPairs({ train: 48 }), device });
  const fuseMix = align["fuseMix"] === true;
  const trainer = openTrainer({ ...options, training: { ...options.training, fuseMix } });
  const losses: number[] = [];
  const counts = new Set<number>();
  for (let step = 0; step < 10; step++) {
    const loss = await trainer.step(step);
    losses.push((await loss.data())[0]!);
    loss.dispose();
    counts.add(tf.memory().numTensors);
  }
  const { weights } = await trainer.snapshot();
  const selfProbability = await trainer.selfProbability(0);
  trainer.dispose();
  return { losses, weights, counts, selfProbability };
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

  // A software rasteriser takes about 15 s per combination. All of COMBINATIONS have been compared.
  it("trains as wasm does, without leaking a tensor", { timeout: 300_000 }, async () => {
    const combinations: readonly (readonly [string, Record<string, unknown>])[] = [
      ["freeze-align, InfoNCE, FuseMix", { fuseMix: true }],
      ["sail, its sigmoid, STRUCTURE", { method: "sail", structure: {} }],
      ["low-rank, masked positives", { method: "low-rank", positives: "masked" }],
      [
        "locked images, corpus negatives, STRUCTURE",
        { projectors: { image: "identity" }, negatives: "corpus", structure: { ramp: 0 } },
      ],
    ];
    const onGpu: Awaited<ReturnType<typeof firstSteps>>[] = [];
    for (const [, align] of combinations) onGpu.push(await firstSteps("webgpu", align));
    await openBackend("wasm", { wasmPaths: WASM_FILES });
    for (const [i, [name, align]] of combinations.entries()) {
      const wasm = await firstSteps("wasm", align);
      const gpu = onGpu[i]!;
      expect(gpu.counts.size, name).toBe(1);
      expect(new Set(wasm.losses).size, name).toBe(10);
      gpu.losses.forEach((loss, step) =>
        expect(loss, `${name}, step ${step}`).toBeCloseTo(wasm.losses[step]!, 4),
      );
      if (wasm.selfProbability === null) expect(gpu.selfProbability, name).toBeNull();
      else expect(gpu.selfProbability, name).toBeCloseTo(wasm.selfProbability, 4);
      for (const [tensor, { data }] of Object.entries(wasm.weights)) {
        data.forEach((v, d) =>
          expect(
            Math.abs(gpu.weights[tensor]!.data[d]! - v),
            `${name}: ${tensor}[${d}]`,
          ).toBeLessThan(1e-3),
        );
      }
    }
  });
});
