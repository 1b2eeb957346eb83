import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { encoderById } from "../../../src/core/catalogue/encoders";
import type { EncoderSpec } from "../../../src/core/domain/encoder";
import type { Progress } from "../../../src/core/progress";
import { Mutex } from "../../../src/engine/encoders/mutex";
import { openEncoder, type EncoderPlatform } from "../../../src/engine/encoders/openEncoder";
import { sha256 } from "../../../src/engine/sha256";
import type { RawSession } from "../../../src/engine/encoders/session";

const MEAN = { id: "tiny", pooling: "mean", layer: null } as const;

// A "network" over 2 x 2 pictures: the mean of each channel, in a session that can be slow or wrong.
const model = Uint8Array.of(1, 2, 3);
const PIXEL = { data: new Uint8Array(12).map((_, i) => i * 20), width: 2, height: 2 };
const MEANS = [90, 110, 130];
let spec: EncoderSpec;

beforeEach(async () => {
  spec = {
    ...encoderById("efficientnet-lite0"),
    width: 3,
    preprocessing: {
      kind: "image",
      size: 2,
      fit: "squash",
      mean: [0, 0, 0],
      std: [1, 1, 1],
      input: "x",
    },
    files: [{ role: "model", path: "m.onnx", sizeBytes: 3, sha256: await sha256(model) }],
    parityPath: "parity.json",
  };
  const parity = { cases: [{ image: btoa("pixels"), type: "image/png", vector: MEANS }] };
  vi.stubGlobal("fetch", async (url: string) =>
    url.endsWith("parity.json") ? Response.json(parity) : new Response(model),
  );
});
afterEach(() => vi.unstubAllGlobals());

function setup(behaviour: {
  gpuMs?: number;
  gpuScale?: number[];
  gpuFails?: boolean;
  none?: boolean;
}) {
  let now = 0;
  const released: string[] = [];
  const createSession = async (_: unknown, device: "webgpu" | "wasm"): Promise<RawSession> => ({
    inputNames: ["x"],
    outputNames: ["pooled"],
    run: async (feeds) => {
      const gpu = device === "webgpu";
      if (gpu && behaviour.gpuFails) throw new Error("shader compilation failed");
      now += gpu ? (behaviour.gpuMs ?? 1) : 10;
      const { data, dims } = feeds["x"]!;
      const out = new Float32Array(dims[0]! * 3);
      for (let i = 0; i < out.length; i++) {
        const plane = (data as Float32Array).subarray(i * 4, i * 4 + 4);
        const scale = gpu ? (behaviour.gpuScale?.[i % 3] ?? 1) : 1;
        out[i] = (scale * plane.reduce((a, b) => a + b)) / 4;
      }
      return { pooled: { data: out, dims: [dims[0]!, 3] } };
    },
    release: async () => void released.push(device),
  });
  const adapter = { name: "nvidia ada", isFallback: false, reason: "" };
  const none = { name: null, isFallback: false, reason: "WebGPU found no adapter" };
  const platform: EncoderPlatform = {
    base: "https://site.example/",
    mutex: new Mutex(),
    threads: 1,
    probeAdapter: async () => (behaviour.none ? none : adapter),
    createSession,
    decode: async () => PIXEL,
    clock: () => now,
  };
  return { platform, released };
}

it("keeps the faster device, frees the other and says why", async () => {
  const fast = setup({ gpuMs: 1 });
  const onGpu = await openEncoder(spec, MEAN, "auto", fast.platform);
  expect(onGpu).toMatchObject({ device: "webgpu", adapter: "nvidia ada", parityCosine: 1 });
  expect(onGpu.deviceReason).toBe("WebGPU · nvidia ada: faster than WebAssembly here");
  expect(fast.released).toEqual(["wasm"]);

  const slow = setup({ gpuMs: 50 });
  const onCpu = await openEncoder(spec, MEAN, "auto", slow.platform);
  expect(onCpu).toMatchObject({ device: "wasm", adapter: null, threads: 1 });
  expect(onCpu.deviceReason).toBe("CPU · WebAssembly: faster than WebGPU here");
  expect(slow.released).toEqual(["webgpu"]);
});

it("says in words why the CPU is used when there is no adapter", async () => {
  const { platform } = setup({ none: true });
  const { deviceReason } = await openEncoder(spec, MEAN, "auto", platform);
  expect(deviceReason).toBe("CPU · WebAssembly: WebGPU found no adapter");
});

it.each([{ gpuScale: [1, -1, 3] }, { gpuFails: true }, { gpuScale: [NaN, 1, 1] }])(
  "turns from a WebGPU that computes wrongly or not at all to the CPU: %o",
  async (behaviour) => {
    const { platform, released } = setup(behaviour);
    const opened = await openEncoder(spec, MEAN, "auto", platform);
    expect(opened.device).toBe("wasm");
    expect(opened.deviceReason).toMatch(/^CPU · WebAssembly: WebGPU failed: /);
    expect(released).toEqual(["webgpu"]);
  },
);

it("refuses a wrong device that was asked for by name", async () => {
  const { platform, released } = setup({ gpuScale: [1, -1, 3] });
  await expect(openEncoder(spec, MEAN, "webgpu", platform)).rejects.toMatchObject({
    code: "encoder/self-check",
  });
  expect(released).toEqual(["webgpu"]);
});

it("reports loading and checking as stages that end complete", async () => {
  const events: Progress[] = [];
  const { platform } = setup({});
  await openEncoder(spec, MEAN, "auto", platform, { report: (event) => events.push(event) });
  const checks = events.filter(({ stage }) => stage === "self-check");
  expect(checks.map(({ done, total }) => `${done}/${total}`)).toEqual(["0/2", "1/2", "2/2"]);
  expect(events.filter(({ stage }) => stage === "load-encoder").at(-1)).toMatchObject({
    done: 3,
    total: 3,
  });
});

it("normalises pixels channel by channel", async () => {
  const { platform } = setup({});
  const opened = await openEncoder(spec, MEAN, "wasm", platform);
  if (opened.modality !== "image") throw new Error("not an image encoder");
  const { data, rows, cols } = await opened.encoder.encode([new Blob(["a"]), new Blob(["b"])]);
  expect([rows, cols, ...data]).toEqual([2, 3, ...MEANS, ...MEANS]);
});
