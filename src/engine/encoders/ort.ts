import * as ort from "onnxruntime-web/webgpu";
import glueUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import type { Feeds, OutputTensor, RawSession } from "./session";

// The only file that imports onnxruntime-web. Its native WebGPU provider; the older one (JSEP) is
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
): Promise<RawSession> {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: [
      // Buffers of many batch shapes would pile up in the default cache (#18754).
      device === "webgpu" ? { name: "webgpu", storageBufferCacheMode: "simple" } : "wasm",
    ],
    logSeverityLevel: 3, // warnings about node placement would fill the console as errors
  });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, outputs) => {
      const results = await session.run(tensors(feeds), [...outputs]);
      return Object.fromEntries(outputs.map((name) => [name, copy(name, results[name])]));
    },
    release: () => session.release(),
  };
}

/** Copied: the runtime may reuse its memory for the next run. */
function copy(name: string, tensor: ort.Tensor | undefined): OutputTensor {
  if (tensor?.type !== "float32") throw new Error(`output “${name}” is not float32`);
  return { data: (tensor.data as Float32Array).slice(), dims: tensor.dims };
}

function tensors(feeds: Feeds): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { kind, data, dims }]) => [
      name,
      kind === "float32"
        ? new ort.Tensor("float32", data, dims)
        : new ort.Tensor("int64", data, dims),
    ]),
  );
}
