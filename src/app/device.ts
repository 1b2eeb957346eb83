import { wasmThreads } from "../core/domain/calibration";
import type { Device } from "../core/domain/encoder";

/** What this browser can compute on, in words for the top bar. */
export interface DeviceInfo {
  readonly device: Exclude<Device, "cpu">;
  /** E.g. `WebGPU · nvidia ada` or `CPU · WebAssembly`. */
  readonly label: string;
  /** Why not WebGPU; empty when it is. */
  readonly reason: string;
  readonly threads: number;
}

const ADAPTER_TIMEOUT_MS = 5_000; // one real driver never answered

/** Looks for a real WebGPU adapter without ever hanging. Loads no library. */
export async function probeDevice(): Promise<DeviceInfo> {
  const threads = wasmThreads(globalThis.crossOriginIsolated, navigator.hardwareConcurrency);
  const cpu = (reason: string): DeviceInfo => ({
    device: "wasm",
    label: threads > 1 ? `CPU · WebAssembly ×${threads}` : "CPU · WebAssembly",
    reason,
    threads,
  });
  const gpu = (navigator as { gpu?: Gpu }).gpu; // typed here: the DOM library has no WebGPU yet
  if (!gpu) return cpu("this browser has no WebGPU");
  const adapter = await Promise.race([
    gpu.requestAdapter().catch(() => null),
    new Promise<"late">((resolve) => setTimeout(() => resolve("late"), ADAPTER_TIMEOUT_MS)),
  ]);
  if (adapter === "late") return cpu("the graphics driver did not answer");
  if (!adapter) return cpu("WebGPU found no adapter");
  const { vendor, architecture, isFallbackAdapter } = adapter.info;
  if (isFallbackAdapter) return cpu("WebGPU is only emulated here");
  const name = [vendor, architecture].filter(Boolean).join(" ") || "adapter";
  return { device: "webgpu", label: `WebGPU · ${name}`, reason: "", threads };
}

interface Gpu {
  requestAdapter(): Promise<{
    info: { vendor: string; architecture: string; isFallbackAdapter: boolean };
  } | null>;
}
