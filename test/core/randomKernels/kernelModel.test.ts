import * as ort from "onnxruntime-web";
import { beforeAll, expect, it } from "vitest";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import { normal } from "../../../src/core/math/normal";
import { rng } from "../../../src/core/math/rng";
import {
  embedWindow,
  fitKernels,
  widthOf,
  type FitOptions,
  type FittedKernels,
} from "../../../src/core/randomKernels/fitKernels";
import { kernelModel } from "../../../src/core/randomKernels/kernelModel";
import { readOnnxOutline } from "../../../src/core/formats/onnxOutline";

const FACTS = { name: "k", producer: "test", version: "1", notes: "" };

beforeAll(async () => {
  ort.env.wasm.numThreads = 1;
  await run(fit(three), three.calibration.slice(0, 1)); // compiles the runtime
});

/** Smooth at random, each channel standardised as far as it matters. */
function windowOf(channels: number, length: number, seed: number): Matrix {
  const random = rng(seed);
  const data = new Float32Array(channels * length);
  let last = 0;
  for (let i = 0; i < data.length; i++) data[i] = last = 0.7 * last + 0.7 * normal(random);
  return matrix(channels, length, data);
}

const windows = (channels: number, count = 24) =>
  Array.from({ length: count }, (_, i) => windowOf(channels, 30 + ((7 * i) % 40), i));

function fit(options: FitOptions): FittedKernels {
  const steps = fitKernels(options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const forty: FitOptions = {
  plan: { ...{ seed: 1, channels: 40, kernels: 60, span: [3, 11], dilations: [1, 3, 8] } },
  calibration: windows(40),
};
const six: FitOptions = {
  plan: { ...{ seed: 3, channels: 6, kernels: 40, span: [1, 6], dilations: [1, 2] } },
  calibration: windows(6),
};
const three: FitOptions = {
  plan: { ...{ seed: 2, channels: 3, kernels: 40, span: [1, 3], dilations: [1, 2] } },
  calibration: windows(3),
};

async function run(fitted: FittedKernels, batch: readonly Matrix[], fill = 0) {
  const session = await ort.InferenceSession.create(bytesOf(fitted));
  const channels = fitted.plan.channels;
  const longest = Math.max(...batch.map(({ cols }) => cols));
  const data = new Float32Array(batch.length * channels * longest).fill(fill);
  batch.forEach((window, b) => {
    for (let c = 0; c < channels; c++) {
      const values = window.data.subarray(c * window.cols, (c + 1) * window.cols);
      data.set(values, (b * channels + c) * longest);
    }
  });
  const lengths = BigInt64Array.from(batch, ({ cols }) => BigInt(cols));
  const { embedding } = await session.run({
    features: new ort.Tensor("float32", data, [batch.length, channels, longest]),
    lengths: new ort.Tensor("int64", lengths, [batch.length]),
  });
  await session.release();
  return matrix(batch.length, widthOf(fitted), embedding!.data as Float32Array<ArrayBuffer>);
}

function bytesOf(fitted: FittedKernels): Uint8Array {
  return Buffer.concat(kernelModel(fitted, FACTS));
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

const at = (m: Matrix, i: number) => m.data.subarray(i * m.cols, (i + 1) * m.cols);

it.each([
  ["forty bands", forty],
  ["forty bands, reduced", { ...forty, width: 12 }],
  ["six channels", six],
  ["three channels", three],
] as const)("computes in ONNX what float64 computes another way: %s", async (_, options) => {
  const fitted = fit(options);
  const [first, , third] = options.calibration as readonly [Matrix, Matrix, Matrix];
  const short = windowOf(options.plan.channels, 1, 5);
  const got = await run(fitted, [first, third, short]);
  [first, third, short].forEach((window, i) => {
    expect(difference(at(got, i), embedWindow(fitted, window))).toBeLessThan(1e-4);
  });
});

it("gives a window the same embedding alone, and padded with anything beside a longer one", async () => {
  const fitted = fit({ ...forty, width: 12 });
  const window = windowOf(40, 33, 77);
  const alone = await run(fitted, [window]);
  for (const fill of [0, 50, NaN]) {
    const beside = await run(fitted, [window, windowOf(40, 211, 78)], fill);
    expect(difference(at(beside, 0), alone.data)).toBeLessThan(2e-6);
  }
});

it("gives silence of any length the same finite embedding", async () => {
  const fitted = fit(forty);
  const got = await run(fitted, [matrix(40, 1), matrix(40, 50), matrix(40, 300)]);
  expect(got.data.every(Number.isFinite)).toBe(true);
  expect(difference(at(got, 1), at(got, 0))).toBeLessThan(1e-4);
  expect(difference(at(got, 2), at(got, 0))).toBeLessThan(1e-4);
});

it("tells windows apart: none of its features is stuck", () => {
  const fitted = fit({ ...three, calibration: windows(3, 60) });
  const stuck = fitted.scale.scale.filter((value) => value === 0);
  expect(stuck.length).toBeLessThan(4);
});

it("brings features to mean 0 and deviation 1, reduced ones to variance 1 on average", () => {
  const features = fit(forty);
  const rows = forty.calibration.map((window) => embedWindow(features, window));
  const column = rows.map((values) => values[5]!);
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  expect(mean).toBeCloseTo(0, 4);
  expect(column.reduce((sum, value) => sum + value ** 2, 0) / column.length).toBeCloseTo(1, 4);
  const reduced = fit({ ...forty, width: 12 });
  const all = forty.calibration.flatMap((window) => Array.from(embedWindow(reduced, window)));
  expect(all.reduce((sum, value) => sum + value ** 2, 0) / all.length).toBeCloseTo(1, 2);
});

it("keeps the distances of the features where no direction is left out", () => {
  const calibration = windows(40, 13);
  const features = fit({ ...forty, calibration });
  const reduced = fit({ ...forty, calibration, width: 12 });
  const distance = (fitted: FittedKernels, i: number, j: number) => {
    const [a, b] = [calibration[i]!, calibration[j]!].map((w) => embedWindow(fitted, w));
    return Math.sqrt(a!.reduce((sum, value, d) => sum + (value - b![d]!) ** 2, 0));
  };
  const ratio = distance(features, 0, 1) / distance(reduced, 0, 1);
  expect(distance(features, 3, 9) / distance(reduced, 3, 9) / ratio).toBeCloseTo(1, 1);
});

it("writes the same bytes again, which name their inputs", () => {
  expect(bytesOf(fit(three))).toEqual(bytesOf(fit(three)));
  expect(readOnnxOutline(bytesOf(fit(three)) as Uint8Array<ArrayBuffer>)).toMatchObject({
    opset: 17,
    externalFiles: [],
  });
});

it("ignores a channel that never changed, and one window is too few", () => {
  const dead = three.calibration.map((window) => {
    const data = window.data.slice();
    data.fill(0, 0, window.cols);
    return matrix(3, window.cols, data);
  });
  const fitted = fit({ ...three, calibration: dead });
  expect(embedWindow(fitted, dead[0]!).every(Number.isFinite)).toBe(true);
  expect(() => fit({ ...three, calibration: dead.slice(0, 1) })).toThrow(
    expect.objectContaining({ code: "data/shape" }),
  );
  expect(() => fit({ ...three, calibration: [matrix(3, 40), matrix(3, 40)] })).toThrow(
    expect.objectContaining({ code: "data/degenerate" }),
  );
  expect(() => fit({ ...three, calibration: [] })).toThrow(
    expect.objectContaining({ code: "data/shape" }),
  );
});
