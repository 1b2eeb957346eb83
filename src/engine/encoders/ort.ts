import * as ort from "onnxruntime-web/webgpu";
import glueUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import { describeSession } from "./ortSession";
import type { DescribedSession, ExternalData } from "./session";

// The app's only import of onnxruntime-web. Its native WebGPU provider; the older one (JSEP) is
// deprecated and computes quantised models wrongly (microsoft/onnxruntime #32578).

/**
 * Sets the runtime up; call it before the first session, later calls change nothing.
 *
 * @param threads wasm threads; more than one needs cross-origin isolation.
 */
export function configureRuntime(threads: number): void {
  ort.env.logLevel = "error";
  ort.env.wasm.numThreads = threads;
  // Both by URL: threads start from the glue file, and without it from *this* worker's own script.
  ort.env.wasm.wasmPaths = {
    mjs: new URL(glueUrl, self.location.href).href,
    wasm: new URL(wasmUrl, self.location.href).href,
  };
}

/** A session for an ONNX model on one device. Unguarded: go through `Session`. */
export async function createRawSession(
  model: Uint8Array<ArrayBuffer>,
  device: "webgpu" | "wasm",
  external?: ExternalData,
): Promise<DescribedSession> {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [
      // Buffers of many batch shapes would pile up in the default cache (#18754).
      device === "webgpu" ? { name: "webgpu", storageBufferCacheMode: "simple" } : "wasm",
    ],
    logSeverityLevel: 3, // warnings about node placement would fill the console as errors
    ...(external && { externalData: [external] }),
  });
  return describeSession(session, ort.Tensor);
}
