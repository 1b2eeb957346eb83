import { beforeAll, describe, expect, it } from "vitest";
import { encoderById } from "../../src/core/catalogue/encoders";
import { defaultChoice } from "../../src/core/domain/encoder";
import { matrix, row, type Matrix } from "../../src/core/math/matrix";
import { normal } from "../../src/core/math/normal";
import { rng } from "../../src/core/math/rng";
import {
  embedWindow,
  fitKernels,
  type FittedKernels,
} from "../../src/core/randomKernels/fitKernels";
import { kernelModel } from "../../src/core/randomKernels/kernelModel";
import { configureRuntime, createRawSession } from "../../src/engine/encoders/ort";
import { openEncoder } from "../../src/engine/encoders/openEncoder";
import { loadParity } from "../../src/engine/encoders/parity";
import { workerPlatform } from "../../src/engine/encoders/workerPlatform";

const LARGEST_DIFFERENCE = 1e-4;

function windowOf(length: number, seed: number): Matrix {
  const random = rng(seed);
  const data = new Float32Array(40 * length);
  let last = 0;
  for (let i = 0; i < data.length; i++) data[i] = last = 0.7 * last + 0.7 * normal(random);
  return matrix(40, length, data);
}

function fit(): FittedKernels {
  const steps = fitKernels({
    plan: { ...{ seed: 1, channels: 40, kernels: 48, span: [3, 11], dilations: [4] } },
    calibration: Array.from({ length: 20 }, (_, i) => windowOf(30 + i, i)),
    width: 16,
  });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

describe.each(["wasm", "webgpu"] as const)("random kernels on %s", (device) => {
  beforeAll(() => configureRuntime(1));

  // Parts of 16 kernels: WebGPU counted on channels in fours there (microsoft/onnxruntime #29651).
  it("give what float64 gives, for windows of two lengths in one batch", async () => {
    const fitted = fit();
    const model = new Uint8Array(await new Blob([...kernelModel(fitted, facts)]).arrayBuffer());
    const session = await createRawSession(model, device);
    const [long, short] = [windowOf(61, 100), windowOf(23, 101)];
    const data = new Float32Array(2 * 40 * 61);
    data.set(long.data);
    for (let c = 0; c < 40; c++) data.set(row(short, c), (40 + c) * 61);
    const { embedding } = await session.run(
      {
        features: { kind: "float32", data, dims: [2, 40, 61] },
        lengths: { kind: "int64", data: BigInt64Array.of(61n, 23n), dims: [2] },
      },
      ["embedding"],
    );
    await session.release();
    [long, short].forEach((window, b) => {
      const expected = embedWindow(fitted, window);
      const got = embedding!.data.subarray(b * 16, (b + 1) * 16);
      const difference = Math.max(...Array.from(got, (value, d) => Math.abs(value - expected[d]!)));
      expect(difference).toBeLessThan(LARGEST_DIFFERENCE);
    });
  });
});

it("the shipped encoder gives its reference vectors on both devices", async () => {
  const platform = workerPlatform(new URL("/", location.href).href);
  const spec = encoderById("random-kernels");
  const { sounds } = await loadParity(spec, platform);
  expect(sounds).toHaveLength(2);
  for (const device of ["wasm", "webgpu"] as const) {
    const opened = await openEncoder(spec, defaultChoice(spec), device, platform);
    if (opened.modality !== "audio") throw new Error("not an encoder of sounds");
    const got = await opened.encoder.encode(sounds.map(({ input }) => input));
    await opened.encoder.release();
    const differences = sounds.flatMap(({ vector }, i) =>
      vector.map((value, d) => Math.abs(value - row(got, i)[d]!)),
    );
    expect(Math.max(...differences)).toBeLessThan(LARGEST_DIFFERENCE);
  }
});

const facts = { name: "kernels", producer: "test", version: "1", notes: "" };
