import type { Device, DevicePreference } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { installExp } from "./kernels/expKernel";
import { installMatMul } from "./kernels/matMulKernel";
import * as tf from "./tf";

/** Where tensors live now, and the graphics adapter's name on WebGPU. */
export interface Backend {
  readonly device: Device;
  readonly adapter: string | null;
}

export interface BackendOptions {
  /** URL of each wasm binary by file name (wasmFiles.ts); left out in Node. */
  readonly wasmPaths?: Readonly<Record<string, string>>;
}

// requestAdapter() and wasm start-up can hang for good on some drivers and bundles.
const START_TIMEOUT_MS = 5_000;
const WASM_TIMEOUT_MS = 30_000; // downloads 0.4 MB first

/**
 * Makes tfjs compute on the preferred device: WebGPU, else WebAssembly, else plain JavaScript.
 *
 * `auto` takes WebGPU only with a hardware adapter: a software one is slower than wasm. Asking for
 * `webgpu` takes any adapter, and recovers in the same worker after the device was lost.
 *
 * @throws AppError `webgpu/unavailable` when `webgpu` was asked for and cannot be had.
 */
export async function openBackend(
  preference: DevicePreference | "cpu",
  options: BackendOptions = {},
): Promise<Backend> {
  tf.enableProdMode(); // no per-kernel checks, no console banner
  if (preference === "cpu") return openCpu();
  if (preference !== "wasm") {
    const adapter = await findAdapter(preference === "webgpu");
    if (adapter) return openWebgpu(adapter);
    if (preference === "webgpu") throw new AppError("webgpu/unavailable", "no adapter");
  }
  return (await openWasm(options)) ? { device: "wasm", adapter: null } : openCpu();
}

/** True when an error of tfjs means that the WebGPU device is gone. */
export function isDeviceLoss(thrown: unknown): boolean {
  // tfjs has no event for it; these are the texts of the calls that fail first.
  return /createBuffer|mapAsync|device (is |was )?(lost|destroyed)|external Instance/i.test(
    String(thrown),
  );
}

async function openCpu(): Promise<Backend> {
  await tf.setBackend("cpu");
  return { device: "cpu", adapter: null };
}

async function openWasm({ wasmPaths }: BackendOptions): Promise<boolean> {
  const { setWasmPaths } = await loadOnce(tf.loadWasmBackend);
  if (tf.getBackend() === "wasm") return true;
  // The threaded build does not survive minification: its start-up promise never settles.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (wasmPaths && !tf.engine().registry["wasm"]) setWasmPaths({ ...wasmPaths });
  if (!(await within(WASM_TIMEOUT_MS, tf.setBackend("wasm"), false))) return false;
  if (!installed.has(tf.backend())) {
    installMatMul();
    installExp();
  }
  installed.add(tf.backend());
  return true;
}

const installed = new WeakSet<object>(); // backends that have our kernels

async function openWebgpu(adapter: GpuAdapter): Promise<Backend> {
  await loadOnce(tf.loadWebgpuBackend);
  if (lostDevices > recovered) {
    const factory = tf.findBackendFactory("webgpu");
    tf.removeBackend("webgpu");
    tf.registerBackend("webgpu", factory, 3);
    recovered = lostDevices;
  }
  try {
    if (!(await tf.setBackend("webgpu"))) throw new Error("tfjs could not start on this adapter");
  } catch (cause) {
    throw new AppError("webgpu/unavailable", String(cause), { cause });
  }
  // Small tensors would silently stay on the CPU, which hides a lost device.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  watchLoss();
  return { device: "webgpu", adapter: describe(adapter) };
}

let lostDevices = 0;
let recovered = 0;
const watched = new WeakSet<object>();

function watchLoss(): void {
  const { device } = tf.backend() as unknown as { device: { lost: Promise<unknown> } };
  if (watched.has(device)) return;
  watched.add(device);
  void device.lost.then(() => {
    lostDevices++;
  });
}

/** The part of WebGPU's GPUAdapter used here. */
interface GpuAdapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
}

async function findAdapter(acceptSoftware: boolean): Promise<GpuAdapter | null> {
  const gpu = (globalThis.navigator as { gpu?: { requestAdapter(): Promise<GpuAdapter | null> } })
    ?.gpu;
  if (!gpu) return null;
  const adapter = await within(START_TIMEOUT_MS, gpu.requestAdapter(), null);
  if (!adapter || acceptSoftware) return adapter;
  const { isFallbackAdapter, architecture, description } = adapter.info;
  const software = /swiftshader|llvmpipe|lavapipe|basic render/i;
  return isFallbackAdapter || software.test(`${architecture} ${description}`) ? null : adapter;
}

const describe = ({ info }: GpuAdapter) =>
  [info.vendor, info.architecture, info.description].filter(Boolean).join(" ") || "unnamed adapter";

const loads = new Map<() => Promise<unknown>, Promise<unknown>>();
function loadOnce<T>(load: () => Promise<T>): Promise<T> {
  const pending = (loads.get(load) as Promise<T> | undefined) ?? load();
  loads.set(load, pending);
  return pending;
}

async function within<T>(limitMs: number, work: Promise<T>, fallback: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(fallback), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
