import { afterEach, describe, expect, it, vi } from "vitest";
import { isDeviceLoss, openBackend } from "../../../src/engine/align/backend";
import * as tf from "../../../src/engine/align/tf";

const unavailable = expect.objectContaining({ code: "webgpu/unavailable" }) as Error;

function withAdapter(adapter: object | null) {
  vi.stubGlobal("navigator", { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("openBackend", () => {
  it.each(["wasm", "cpu"] as const)("computes on %s when asked to", async (device) => {
    expect(await openBackend(device)).toEqual({ device, adapter: null });
    expect(tf.getBackend()).toBe(device);
    const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]]));
    expect((await product.data())[0]).toBe(11);
  });

  it("falls back to wasm without WebGPU, without an adapter, and with a software adapter", async () => {
    vi.stubGlobal("navigator", {});
    expect((await openBackend("auto")).device).toBe("wasm");
    withAdapter(null);
    expect((await openBackend("auto")).device).toBe("wasm");
    withAdapter({ info: { vendor: "google", architecture: "swiftshader", description: "" } });
    expect((await openBackend("auto")).device).toBe("wasm");
    withAdapter({
      info: { vendor: "x", architecture: "", description: "", isFallbackAdapter: true },
    });
    expect((await openBackend("auto")).device).toBe("wasm");
  });

  it("says so when WebGPU was asked for by name and there is none", async () => {
    withAdapter(null);
    await expect(openBackend("webgpu")).rejects.toThrowError(unavailable);
  });

  it("does not wait for ever for an adapter", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("navigator", { gpu: { requestAdapter: () => new Promise(() => undefined) } });
    const opened = expect(openBackend("webgpu")).rejects.toThrowError(unavailable);
    await vi.advanceTimersByTimeAsync(5_000);
    await opened;
  });
});

describe("isDeviceLoss", () => {
  it("knows the texts of a lost graphics processor, and no others", () => {
    const lost = [
      "RangeError: Failed to execute 'createBuffer' on 'GPUDevice': createBuffer failed, size (4)",
      "AbortError: Failed to execute 'mapAsync' on 'GPUBuffer': A valid external Instance reference no longer exists.",
      "Error: The GPU device was lost",
    ];
    for (const text of lost) expect(isDeviceLoss(new Error(text))).toBe(true);
    expect(isDeviceLoss(new TypeError("x is not a function"))).toBe(false);
  });
});
