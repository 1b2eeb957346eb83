import { AppError } from "../../../core/errors";
import * as tf from "../tf";
import { GEMM_SCRATCH_BYTES, gemmModule, type GemmExports } from "./gemm";
import { instantiate, wasmHeap, type WasmHeap } from "./wasmHeap";

const KERNEL = "BatchMatMul";
const FLOAT_BYTES = 4;

/** What `tf.matMul` hands to a kernel: matrices, or stacks of matrices, of float32. */
interface MatMulArguments {
  readonly inputs: { readonly a: tf.TensorInfo; readonly b: tf.TensorInfo };
  readonly attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
}

/**
 * Replaces the wasm backend's matrix product by our own: 1.7 to 3 times as fast with relaxed SIMD
 * in Chromium (docs/performance.md), and transposed operands cost nothing extra (tfjs' own kernel
 * is 8 to 20 times slower on them).
 *
 * Without SIMD, or if a version of tfjs hides its memory, tfjs' own kernel stays in place, behind
 * explicit transposes.
 *
 * @returns whether products now run on our own kernel.
 */
export function installMatMul(): boolean {
  stock ??= tf.getKernel(KERNEL, "wasm");
  const replaced = stock;
  const heap = wasmHeap();
  const gemm = heap && instantiate<GemmExports>(heap, gemmModule)?.gemm;
  const own = heap && gemm && ownProduct(heap, gemm);
  const kernelFunc = (args: unknown) => {
    // What tfjs hands to every kernel of this name.
    const given = args as MatMulArguments & { readonly backend: Backend };
    const { a, b } = given.inputs;
    return own && isPlain(a) && isPlain(b) ? own(given) : stockProduct(replaced, given);
  };
  tf.unregisterKernel(KERNEL, "wasm");
  tf.registerKernel({ ...replaced, kernelFunc: kernelFunc as tf.KernelFunc });
  return Boolean(own);
}

let stock: tf.KernelConfig | undefined; // tfjs' own, kept when a backend is opened again

/** One matrix of float32: what our kernel takes. */
const isPlain = ({ shape, dtype }: tf.TensorInfo) => shape.length === 2 && dtype === "float32";

function ownProduct(heap: WasmHeap, gemm: GemmExports["gemm"]) {
  const scratch = heap.allocate(GEMM_SCRATCH_BYTES);
  return ({ inputs: { a, b }, attrs }: MatMulArguments): tf.TensorInfo => {
    const left = operand(a, attrs.transposeA);
    const right = operand(b, attrs.transposeB);
    if (left.columns !== right.rows) {
      const shapes = `[${a.shape.join(", ")}] and [${b.shape.join(", ")}]`;
      throw new AppError("data/shape", `product of ${shapes}, transposed ${JSON.stringify(attrs)}`);
    }
    const out = heap.output([left.rows, right.columns]);
    // The kernel stores nothing for a sum over nothing.
    if (left.columns === 0) heap.values(out).fill(0);
    gemm(
      heap.address(a),
      left.rowStride,
      left.columnStride,
      heap.address(b),
      right.rowStride,
      right.columnStride,
      heap.address(out),
      left.rows,
      right.columns,
      left.columns,
      scratch,
    );
    return out;
  };
}

/** Size of a matrix as the product sees it, and the bytes between its values. */
function operand({ shape }: tf.TensorInfo, transposed: boolean) {
  const [rows, columns] = shape as [number, number]; // isPlain
  const stored = { rows, columns, rowStride: columns * FLOAT_BYTES, columnStride: FLOAT_BYTES };
  if (!transposed) return stored;
  return {
    rows: columns,
    columns: rows,
    rowStride: stored.columnStride,
    columnStride: stored.rowStride,
  };
}

/** tfjs' own kernel, spared the transposed matrices on which it is slow. */
function stockProduct(
  { kernelFunc }: tf.KernelConfig,
  { inputs, attrs, backend }: MatMulArguments & { readonly backend: Backend },
): tf.TensorInfo {
  if (inputs.a.shape.length !== 2 || inputs.b.shape.length !== 2) {
    return run(kernelFunc, { inputs, attrs, backend });
  }
  const transpose = tf.getKernel("Transpose", "wasm").kernelFunc;
  const passing: tf.TensorInfo[] = [];
  const upright = (x: tf.TensorInfo, transposed: boolean) => {
    if (!transposed) return x;
    passing.push(run(transpose, { inputs: { x }, attrs: { perm: [1, 0] }, backend }));
    return passing.at(-1) ?? x;
  };
  const a = upright(inputs.a, attrs.transposeA);
  const b = upright(inputs.b, attrs.transposeB);
  const plain = { transposeA: false, transposeB: false };
  const out = run(kernelFunc, { inputs: { a, b }, attrs: plain, backend });
  for (const each of passing) backend.disposeData(each.dataId);
  return out;
}

/** The part of tfjs' `BackendWasm` that the fallback needs. */
interface Backend {
  disposeData(dataId: object): unknown;
}

interface KernelArguments {
  readonly inputs: object;
  readonly attrs: object;
  readonly backend: object;
}

// tfjs types its kernels by name maps and lets each cast its own inputs back; so do we.
const run = (kernelFunc: tf.KernelFunc, args: KernelArguments): tf.TensorInfo =>
  kernelFunc(args as unknown as Parameters<tf.KernelFunc>[0]) as tf.TensorInfo;
