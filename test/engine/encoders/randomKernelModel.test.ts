import * as ort from "onnxruntime-web";
import { beforeAll, expect, it } from "vitest";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import { normal } from "../../../src/core/math/normal";
import { rng } from "../../../src/core/math/rng";
import type { Progress } from "../../../src/core/progress";
import { randomKernelModel } from "../../../src/engine/encoders/randomKernelModel";

beforeAll(() => {
  ort.env.wasm.numThreads = 1;
});

const LONGEST_MS = 30_000; // the runtime compiles in the first test that uses it

/** A gesture: each kind has its own pace; phase and noise differ. */
function gesture(kind: number, seed: number, { channels = 3, length = 64 } = {}): Matrix {
  const random = rng(seed);
  const phase = 6 * random();
  const data = Float32Array.from({ length: channels * length }, (_, i) => {
    const t = i % length;
    const wave = Math.sin(t / (2 + 2 * kind) + phase + Math.floor(i / length));
    return wave + 0.3 * normal(random);
  });
  return matrix(channels, length, data);
}

const calibration = Array.from({ length: 40 }, (_, i) => gesture(i % 4, i));
const options = { channels: 3, seed: 5, calibration, kernels: 60 };

async function embed(bytes: Uint8Array, windows: readonly Matrix[]): Promise<Float32Array[]> {
  const session = await ort.InferenceSession.create(bytes);
  const out: Float32Array[] = [];
  for (const { data, rows, cols } of windows) {
    const { embedding } = await session.run({
      features: new ort.Tensor("float32", data, [1, rows, cols]),
      lengths: new ort.Tensor("int64", BigInt64Array.of(BigInt(cols)), [1]),
    });
    out.push(embedding!.data as Float32Array);
  }
  await session.release();
  return out;
}

it(
  "tells gestures apart that it never saw",
  async () => {
    const { bytes, width } = await randomKernelModel(options);
    expect(width).toBe(120);
    const gallery = await embed(
      bytes,
      [0, 1, 2, 3].map((kind) => gesture(kind, 100 + kind)),
    );
    const queries = await embed(
      bytes,
      Array.from({ length: 20 }, (_, i) => gesture(i % 4, 200 + i)),
    );
    const distance = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, value, d) => sum + (value - b[d]!) ** 2, 0);
    const hits = queries.filter((query, i) => {
      const distances = gallery.map((each) => distance(query, each));
      return distances.indexOf(Math.min(...distances)) === i % 4;
    });
    expect(hits.length).toBeGreaterThan(16);
  },
  LONGEST_MS,
);

it(
  "gives the same bytes for the same windows, and others for another seed",
  async () => {
    const { bytes } = await randomKernelModel(options);
    expect((await randomKernelModel(options)).bytes).toEqual(bytes);
    expect((await randomKernelModel({ ...options, seed: 6 })).bytes).not.toEqual(bytes);
  },
  LONGEST_MS,
);

it.each([1, 2, 18, 64])(
  "works for %i channels and windows of 16 readings",
  async (channels) => {
    const windows = [0, 1, 2].map((i) => gesture(i, i, { channels, length: 16 }));
    const { bytes, width } = await randomKernelModel({
      ...{ channels, seed: 1, calibration: windows, kernels: 20 },
    });
    const [vector] = await embed(bytes, windows);
    expect(vector).toHaveLength(width);
    expect(vector!.every(Number.isFinite)).toBe(true);
  },
  LONGEST_MS,
);

it("tells how far it is, to the end, and stops when asked to", async () => {
  const events: Progress[] = [];
  await randomKernelModel({ ...options, report: (progress) => events.push(progress) });
  expect(events.at(-1)).toMatchObject({ stage: "calibrate", done: 42, total: 42 });
  const stop = AbortSignal.abort();
  await expect(randomKernelModel({ ...options, signal: stop })).rejects.toMatchObject({
    name: "AbortError",
  });
});

it.each([
  ["no channels", { channels: 0 }, "data/shape"],
  ["too many channels", { channels: 65 }, "data/shape"],
  ["windows of other channels", { channels: 4 }, "data/shape"],
  ["a single window", { calibration: calibration.slice(0, 1) }, "data/shape"],
  [
    "windows too short",
    { calibration: [gesture(0, 0, { length: 15 }), gesture(1, 1)] },
    "data/shape",
  ],
  ["windows that never change", { calibration: [matrix(3, 20), matrix(3, 20)] }, "data/degenerate"],
  [
    "NaN",
    { calibration: [gesture(0, 0), matrix(3, 16, new Float32Array(48).fill(NaN))] },
    "data/non-finite",
  ],
] as const)("refuses %s", async (_, change, code) => {
  await expect(randomKernelModel({ ...options, ...change })).rejects.toMatchObject({ code });
});
