import type { Device, DevicePreference } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";

/** What the GPU side of this browser says about itself. */
export interface AdapterReport {
  /** E.g. `nvidia ada`; null without one. */
  readonly name: string | null;
  /** Emulated on the CPU (SwiftShader): right numbers, useless speed. */
  readonly isFallback: boolean;
  /** Why there is no adapter; empty when there is one. */
  readonly reason: string;
}

/** What to try, and why. */
export interface DevicePlan {
  /** `compare`: time both, keep the faster. */
  readonly kind: "wasm" | "webgpu" | "compare";
  readonly adapter: string | null;
  /** Why this device, in words; empty when a measurement decides. */
  readonly reason: string;
}

/** Longest wait for an adapter; one real driver never answered. */
const ADAPTER_TIMEOUT_MS = 5_000;

/**
 * Which device to try. `auto` considers WebGPU when there is a real adapter; only a measurement can
 * then say whether it pays: the one made before, or a comparison now. `webgpu` insists, on an
 * emulated adapter too.
 *
 * @param measured the device found faster before, if one was.
 * @throws AppError `webgpu/unavailable` when WebGPU was asked for and there is no adapter.
 */
export function planDevice(
  preference: DevicePreference,
  adapter: AdapterReport,
  measured?: Exclude<Device, "cpu">,
): DevicePlan {
  const { name, isFallback, reason } = adapter;
  if (preference === "wasm")
    return { kind: "wasm", adapter: null, reason: "chosen in the settings" };
  if (preference === "webgpu") {
    if (name === null) throw new AppError("webgpu/unavailable", reason);
    return { kind: "webgpu", adapter: name, reason: "chosen in the settings" };
  }
  if (name === null) return { kind: "wasm", adapter: null, reason };
  if (isFallback) return { kind: "wasm", adapter: null, reason: "WebGPU is only emulated here" };
  if (measured === "webgpu") {
    return { kind: "webgpu", adapter: name, reason: "measured to be faster than WebAssembly here" };
  }
  if (measured === "wasm") {
    return { kind: "wasm", adapter: null, reason: "measured to be faster than WebGPU here" };
  }
  return { kind: "compare", adapter: name, reason: "" };
}

/** The parts of WebGPU asked here; the DOM library has no types for it yet. */
export interface Gpu {
  requestAdapter(): Promise<{
    readonly info: {
      readonly vendor: string;
      readonly architecture: string;
      readonly isFallbackAdapter: boolean;
    };
  } | null>;
}

/** Asks for an adapter without ever hanging; a driver that fails is a reason, not an error. */
export async function probeAdapter(
  gpu: Gpu | undefined,
  timeoutMs: number = ADAPTER_TIMEOUT_MS,
): Promise<AdapterReport> {
  const none = (reason: string): AdapterReport => ({ name: null, isFallback: false, reason });
  if (!gpu) return none("this browser has no WebGPU");
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), timeoutMs);
  });
  try {
    const adapter = await Promise.race([gpu.requestAdapter(), late]);
    if (adapter === "late") return none("the graphics driver did not answer");
    if (!adapter) return none("WebGPU found no adapter");
    const { vendor, architecture, isFallbackAdapter } = adapter.info;
    const name = [vendor, architecture].filter(Boolean).join(" ") || "unnamed adapter";
    return { name, isFallback: isFallbackAdapter, reason: "" };
  } catch (thrown) {
    return none(`WebGPU failed: ${String(thrown)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Threads a worker was started with by its name (`encode ×2`); undefined: as many as usually pay. */
export function threadsOfWorker(name: string): number | undefined {
  const threads = /×([124])$/.exec(name)?.[1];
  return threads === undefined ? undefined : Number(threads);
}
