import { expect, it } from "vitest";
import { wasmThreads } from "../../../src/core/domain/calibration";
import { planDevice, probeAdapter } from "../../../src/engine/encoders/chooseDevice";

const adapter = (info: {
  vendor?: string;
  architecture?: string;
  isFallbackAdapter?: boolean;
}) => ({
  requestAdapter: async () => ({
    info: { vendor: "", architecture: "", isFallbackAdapter: false, ...info },
  }),
});
const real = { name: "nvidia ada", isFallback: false, reason: "" };
const emulated = { name: "google swiftshader", isFallback: true, reason: "" };
const none = { name: null, isFallback: false, reason: "WebGPU found no adapter" };

it("measures when there is a real adapter, and only then", () => {
  expect(planDevice("auto", real)).toEqual({ kind: "compare", adapter: "nvidia ada", reason: "" });
  expect(planDevice("auto", none)).toMatchObject({
    kind: "wasm",
    reason: "WebGPU found no adapter",
  });
  expect(planDevice("auto", emulated)).toMatchObject({
    kind: "wasm",
    adapter: null,
    reason: "WebGPU is only emulated here",
  });
});

it("does what was asked for, or says that it cannot", () => {
  expect(planDevice("wasm", real)).toMatchObject({ kind: "wasm", adapter: null });
  expect(planDevice("webgpu", emulated)).toMatchObject({ kind: "webgpu" });
  expect(() => planDevice("webgpu", none)).toThrow(
    expect.objectContaining({ code: "webgpu/unavailable", detail: "WebGPU found no adapter" }),
  );
});

it("names the adapter, and the reason there is none", async () => {
  const named = await probeAdapter(adapter({ vendor: "nvidia", architecture: "ada" }));
  expect(named).toEqual(real);
  expect((await probeAdapter(adapter({ isFallbackAdapter: true }))).isFallback).toBe(true);
  expect((await probeAdapter(undefined)).reason).toBe("this browser has no WebGPU");
  expect((await probeAdapter({ requestAdapter: async () => null })).reason).toMatch(/no adapter/);
  const failing = { requestAdapter: () => Promise.reject(new Error("driver")) };
  expect((await probeAdapter(failing)).reason).toBe("WebGPU failed: Error: driver");
});

it("does not wait for a driver that never answers", async () => {
  const silent = { requestAdapter: () => new Promise<never>(() => {}) };
  expect((await probeAdapter(silent, 5)).reason).toBe("the graphics driver did not answer");
});

it("uses threads only where memory may be shared and a core is left for the page", () => {
  expect(wasmThreads(false, 16)).toBe(1);
  expect([1, 2, 3, 4, 5, 16].map((cores) => wasmThreads(true, cores))).toEqual([1, 1, 2, 3, 4, 4]);
});
