import { beforeAll, describe, expect, it } from "vitest";
import { freshState, type AdamWOptions } from "../../../src/engine/align/adamW";
import { openDeviceAdamW } from "../../../src/engine/align/adamWDevice";
import { openHeapAdamW } from "../../../src/engine/align/adamWHeap";
import { openHostAdamW } from "../../../src/engine/align/adamWHost";
import { openBackend } from "../../../src/engine/align/backend";
import * as tf from "../../../src/engine/align/tf";

const GRADIENTS = [
  [0.5, -2, 0.01, 0],
  [0.4, 1, -0.03, 0],
  [-0.1, 3, 0.02, 0],
];

function options(decayed: boolean, range?: readonly [number, number]): AdamWOptions {
  const parameter = { name: "w", shape: [2, 2], decayed, ...(range && { range }) };
  const weights = { w: { shape: [2, 2], data: Float32Array.of(1, -1, 0.5, 2) } };
  return { parameters: [parameter], start: freshState(weights), weightDecay: 0.1 };
}

/** Loshchilov and Hutter, Algorithm 2, one number at a time in float64. */
function oracle(start: number, gradients: number[], learningRate: number, decay: number): number {
  let [w, m, v] = [start, 0, 0];
  gradients.forEach((g, i) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.95 * v + 0.05 * g * g;
    const [mHat, vHat] = [m / (1 - 0.9 ** (i + 1)), v / (1 - 0.95 ** (i + 1))];
    w = w - learningRate * (mHat / (Math.sqrt(vHat) + 1e-8) + decay * w);
  });
  return w;
}

function openOnHeap(given: AdamWOptions) {
  const optimizer = openHeapAdamW(given);
  if (!optimizer) throw new Error("tfjs hides its memory");
  return optimizer;
}

describe.each([
  ["host", openHostAdamW],
  ["wasm heap", openOnHeap],
  ["device", openDeviceAdamW],
] as const)("AdamW on the %s", (_, open) => {
  beforeAll(() => openBackend("wasm"));

  it.each([true, false])("follows the algorithm (decayed: %s)", async (decayed) => {
    const optimizer = open(options(decayed));
    for (const [i, g] of GRADIENTS.entries()) {
      await optimizer.update([tf.tensor2d(g, [2, 2])], i + 1, 0.02);
    }
    const { weights } = await optimizer.snapshot();
    [1, -1, 0.5, 2].forEach((w, at) => {
      const column = GRADIENTS.map((g) => g[at]!);
      expect(weights["w"]!.data[at]).toBeCloseTo(oracle(w, column, 0.02, decayed ? 0.1 : 0), 6);
    });
    optimizer.dispose();
  });

  it("keeps a parameter inside its range", async () => {
    const optimizer = open(options(false, [-0.9, 0.9]));
    await optimizer.update([tf.tensor2d(GRADIENTS[0]!, [2, 2])], 1, 0.001);
    const { w } = await optimizer.snapshotWeights();
    expect(Math.max(...w!.data)).toBeCloseTo(0.9, 6);
    expect(Math.min(...w!.data)).toBeCloseTo(-0.9, 6);
    optimizer.dispose();
  });

  it("gives snapshots that later updates do not touch, and frees its tensors", async () => {
    const before = tf.memory().numTensors;
    const optimizer = open(options(true));
    const first = await optimizer.snapshot();
    await optimizer.update([tf.tensor2d(GRADIENTS[0]!, [2, 2])], 1, 0.1);
    expect(first.weights["w"]!.data).toEqual(Float32Array.of(1, -1, 0.5, 2));
    expect(first.firstMoments["w"]!.data).toEqual(new Float32Array(4));
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("clips the tensors of a group together, others not, and exactly nothing below the limit", async () => {
    const parameter = (name: string, clipGroup?: string) =>
      ({ name, shape: [2], decayed: false, ...(clipGroup && { clipGroup }) }) as const;
    const parameters = [parameter("a", "image"), parameter("b", "image"), parameter("c")];
    const weights = Object.fromEntries(
      parameters.map(({ name }) => [name, { shape: [2], data: Float32Array.of(1, -1) }]),
    );
    const moments = async (gradientClip: number | null, size: number) => {
      const optimizer = open({
        parameters,
        start: freshState(weights),
        weightDecay: 0,
        gradientClip,
      });
      const gradients = [
        [3 * size, 0],
        [0, 4 * size],
        [100, 7],
      ].map((g) => tf.tensor1d(g));
      await optimizer.update(gradients, 1, 0.01);
      const { firstMoments } = await optimizer.snapshot();
      optimizer.dispose();
      return Object.values(firstMoments).map(({ data }) => [...data]);
    };
    const [a, b, c] = await moments(1, 2); // joint norm 10
    expect(a![0]).toBeCloseTo(0.1 * 0.6, 6);
    expect(b![1]).toBeCloseTo(0.1 * 0.8, 6);
    expect(c![0]).toBeCloseTo(10, 4);
    expect(await moments(1, 0.1)).toEqual(await moments(null, 0.1)); // joint norm 0.5
    expect(await moments(1, 0)).toEqual(await moments(null, 0));
  });
});

it("updates every number of a tensor, whatever its length, and none behind it", async () => {
  await openBackend("wasm");
  for (const length of [1, 3, 4, 5, 11]) {
    const values = Float32Array.from({ length }, (_, i) => i - 2.5);
    const parameters = [{ name: "w", shape: [length], decayed: true }];
    const given = { parameters, start: freshState({ w: { shape: [length], data: values } }) };
    const optimizer = openOnHeap({ ...given, weightDecay: 0.1 });
    const behind = tf.fill([16], 7);
    for (let n = 1; n <= 3; n++) {
      await optimizer.update([tf.tensor1d(values.map((v) => v * v - n))], n, 0.02);
    }
    const { w } = await optimizer.snapshotWeights();
    values.forEach((value, i) => {
      const gradients = [1, 2, 3].map((n) => value * value - n);
      expect(w!.data[i]).toBeCloseTo(oracle(value, gradients, 0.02, 0.1), 5);
    });
    expect(Array.from(await behind.data())).toEqual(Array(16).fill(7));
    behind.dispose();
    optimizer.dispose();
  }
});
