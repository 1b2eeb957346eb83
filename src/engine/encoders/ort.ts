import * as ort from "onnxruntime-web/webgpu";
import glueUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import type { TensorInfo } from "../../core/domain/ownModel";
import type { DescribedSession, ExternalData, Feeds, OutputTensor, Tensor } from "./session";

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
  const inputs = session.inputMetadata.map(infoOf);
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  return {
    inputs,
    outputs: session.outputMetadata.map(infoOf),
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, outputs) => {
      const results = await session.run(tensors(feeds, types), [...outputs]);
      return Object.fromEntries(outputs.map((name) => [name, copy(name, results[name])]));
    },
    release: () => session.release(),
  };
}

function infoOf(value: ort.InferenceSession.ValueMetadata): TensorInfo {
  const { name } = value;
  return value.isTensor
    ? { name, type: value.type, shape: value.shape }
    : { name, type: "not a tensor", shape: [] };
}

/** Copied: the runtime may reuse its memory for the next run. */
function copy(name: string, tensor: ort.Tensor | undefined): OutputTensor {
  if (tensor?.type === "float32") {
    return { data: (tensor.data as Float32Array).slice(), dims: tensor.dims };
  }
  if (tensor?.type !== "float16") throw new Error(`output “${name}” is not float32`);
  // Bits where the browser has no Float16Array, else numbers already.
  const data = tensor.data as ArrayLike<number>;
  const values = data instanceof Uint16Array ? Float32Array.from(data, halfOf) : undefined;
  return { data: values ?? Float32Array.from(data), dims: tensor.dims };
}

/** A number from its half precision bits (IEEE 754 binary16). */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Token ids are int64 to us; some exports take int32. */
function tensors(feeds: Feeds, types: ReadonlyMap<string, string>): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [name, tensorOf(tensor, types.get(name))]),
  );
}

function tensorOf({ kind, data, dims }: Tensor, wanted: string | undefined): ort.Tensor {
  if (kind === "float32") return new ort.Tensor("float32", data, dims);
  return wanted === "int32"
    ? new ort.Tensor("int32", Int32Array.from(data, Number), dims)
    : new ort.Tensor("int64", data, dims);
}
