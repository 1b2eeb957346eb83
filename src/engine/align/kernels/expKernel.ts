import * as tf from "../tf";
import {
  assemble,
  defineFunction,
  f32,
  f32x4,
  FLOAT_BYTES,
  i32,
  i32x4,
  seq,
  whileLoop,
  type Code,
} from "./assembler";
import { instantiate, wasmHeap } from "./wasmHeap";

const KERNEL = "Exp";

/** The exports of the module that `expModule` writes. */
export interface ExpExports {
  /** to = e^from for `count` floats, which may be the same place. */
  exp(from: number, to: number, count: number): void;
}

/** Replaces the wasm backend's exponential, a library call per number, by one on four at a time. */
export function installExp(): void {
  stock ??= tf.getKernel(KERNEL, "wasm");
  const replaced = stock;
  const heap = wasmHeap();
  const kernel = heap && instantiate<ExpExports>(heap, expModule);
  if (!heap || !kernel) return;
  const kernelFunc: tf.KernelFunc = (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo }; // the argument of every Exp
    if (x.dtype !== "float32") return replaced.kernelFunc(args);
    const out = heap.output(x.shape);
    const count = x.shape.reduce((n, size) => n * size, 1);
    kernel.exp(heap.address(x), heap.address(out), count);
    return out;
  };
  tf.unregisterKernel(KERNEL, "wasm");
  tf.registerKernel({ ...replaced, kernelFunc });
}

let stock: tf.KernelConfig | undefined; // tfjs' own, kept when a backend is opened again

/**
 * The bytes of a WebAssembly module with `ExpExports`: e^x = 2ⁿ · e^r with n = round(x / ln 2), and a
 * polynomial of degree 6 on |r| ≤ ½ ln 2. Within 2 units in the last place; 0, ∞ and NaN as usual.
 *
 * Source: Cephes, expf.c (S. Moshier), its coefficients.
 */
function expModule(): Uint8Array<ArrayBuffer> {
  const parameters = { from: "i32", to: "i32", count: "i32" } as const;
  const exp = defineFunction({ index: 0, name: "exp", parameters }, (p, local) => {
    const [x, n, y] = [local("v128"), local("v128"), local("v128")];
    const value = seq(
      // Beyond these ends the result is 0 or ∞ all the same, and n stays in range.
      x.set(f32x4.larger(f32x4.smaller(x.get, constant(89)), constant(-104))),
      n.set(f32x4.nearest(f32x4.multiply(x.get, constant(Math.LOG2E)))),
      // ln 2 in two parts, the first with few digits, so that n times it is exact.
      x.set(f32x4.subtract(x.get, f32x4.multiply(n.get, constant(0.693359375)))),
      x.set(f32x4.subtract(x.get, f32x4.multiply(n.get, constant(-2.1219444e-4)))),
      y.set(constant(COEFFICIENTS[0])),
      ...COEFFICIENTS.slice(1).map((c) =>
        y.set(f32x4.add(f32x4.multiply(y.get, x.get), constant(c))),
      ),
      // 1 + r + r² · polynomial
      y.set(f32x4.add(f32x4.multiply(f32x4.multiply(y.get, x.get), x.get), x.get)),
      y.set(f32x4.add(y.get, constant(1))),
      // 2ⁿ in two factors: n itself reaches from -150 to 128, an exponent from -126 to 127.
      n.set(i32x4.fromFloats(n.get)),
      x.set(i32x4.shiftRight(n.get, i32.constant(1))),
      y.set(f32x4.multiply(y.get, powerOfTwo(x.get))),
      y.set(f32x4.multiply(y.get, powerOfTwo(i32x4.subtract(n.get, x.get)))),
    );
    const pass = (lanes: 4 | 1, load: Code, store: Code): Code =>
      whileLoop(
        i32.less(i32.constant(lanes - 1), p.count.get),
        seq(
          x.set(load),
          value,
          store,
          p.from.increase(i32.constant(lanes * FLOAT_BYTES)),
          p.to.increase(i32.constant(lanes * FLOAT_BYTES)),
          p.count.increase(i32.constant(-lanes)),
        ),
      );
    return seq(
      pass(4, f32x4.load(p.from.get), f32x4.store(p.to.get, y.get)),
      pass(1, f32x4.loadOne(p.from.get), f32x4.storeOne(p.to.get, y.get)),
    );
  });
  return assemble([exp]);
}

const COEFFICIENTS = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 0.5,
] as const;

const constant = (value: number): Code => f32x4.splat(f32.constant(value));

/** The float 2ᵏ of each integer k, by its exponent bits. */
const powerOfTwo = (k: Code): Code =>
  i32x4.shiftLeft(i32x4.add(k, i32x4.splat(i32.constant(127))), i32.constant(23));
