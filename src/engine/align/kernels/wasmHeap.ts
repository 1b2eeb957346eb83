import * as tf from "../tf";

/** The memory in which tfjs' WebAssembly backend keeps its tensors, for kernels of our own. */
export interface WasmHeap {
  readonly memory: WebAssembly.Memory;
  /** Address of a tensor's first value. Stays the same until the tensor is disposed of. */
  address(tensor: tf.TensorInfo): number;
  /** A view of a tensor's values, valid until the heap grows: until the next tensor is made. */
  values(tensor: tf.TensorInfo): Float32Array<ArrayBuffer>;
  /** A fresh tensor, its values undefined. */
  output(shape: readonly number[]): tf.TensorInfo;
  /** Memory that is never given back, for scratch space. */
  allocate(sizeBytes: number): number;
}

/** The parts of tfjs' `BackendWasm` used here; `asm` are the exports of its Emscripten module. */
interface Backend {
  readonly wasm: {
    readonly asm?: { readonly memory?: unknown };
    _malloc(sizeBytes: number): number;
  };
  getMemoryOffset(dataId: object): number;
  makeOutput(shape: readonly number[], dtype: "float32"): tf.TensorInfo;
}

/** The heap of the running wasm backend; null where its memory cannot be had. */
export function wasmHeap(): WasmHeap | null {
  if (tf.getBackend() !== "wasm") return null;
  const backend = tf.backend() as unknown as Backend;
  const memory = backend.wasm.asm?.memory;
  if (!(memory instanceof WebAssembly.Memory)) return null;
  return {
    memory,
    address: ({ dataId }) => backend.getMemoryOffset(dataId) >>> 0,
    values: ({ dataId, shape }) =>
      new Float32Array(
        memory.buffer,
        backend.getMemoryOffset(dataId) >>> 0,
        shape.reduce((n, size) => n * size, 1),
      ),
    output: (shape) => backend.makeOutput(shape, "float32"),
    allocate: (sizeBytes) => backend.wasm._malloc(sizeBytes) >>> 0,
  };
}

/**
 * The exports of a module of ours, computing in tfjs' memory; `write` gives its bytes with or
 * without relaxed SIMD, whichever runs here. Null where neither does.
 */
export function instantiate<Exports>(
  { memory }: WasmHeap,
  write: (options: { readonly fused: boolean }) => Uint8Array<ArrayBuffer>,
): Exports | null {
  const fused = write({ fused: true });
  const bytes = WebAssembly.validate(fused) ? fused : write({ fused: false });
  if (!WebAssembly.validate(bytes)) return null; // no SIMD at all
  // A few kilobytes: compiled at once. Types are those of the functions that `write` defines.
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return instance.exports as unknown as Exports;
}
