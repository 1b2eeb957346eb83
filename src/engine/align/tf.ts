// The one place that loads tfjs. The union package, because tfjs-core alone runs a graph but cannot
// differentiate it, and its gradient registration has no entry that Node can import.
export * from "@tensorflow/tfjs";

/** Loads the WebAssembly backend and registers it under `wasm`. */
export const loadWasmBackend = () => import("@tensorflow/tfjs-backend-wasm");

/** Loads the WebGPU backend and registers it under `webgpu`. */
export const loadWebgpuBackend = () => import("@tensorflow/tfjs-backend-webgpu");
