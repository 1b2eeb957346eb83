import * as tf from "../../src/engine/align/tf";
import { fill, goldenSides } from "./goldenData";
import type { Matrix64 } from "../../src/core/math/linalg/matrix64";
import { unitRows } from "../oracles/infoNce";

/** A matrix or a scalar. */
export type Input = number[][] | number;
export type Tensors = readonly tf.Tensor[];

/** A loss over tensors in the order of its inputs. */
export type Loss = (tensors: Tensors) => tf.Tensor;

/** golden.json's X [16, 6], its first five columns, and Y [16, 5]. */
export const x = nested(goldenSides().x);
export const v = x.map((r) => r.slice(0, 5));
export const y = nested(goldenSides().y);
/** a and b of golden.json, and b2: Y with its columns moved on by one. */
export const a = unitRows(v);
export const b = unitRows(y);
export const b2 = unitRows(y.map((r) => [r[4]!, ...r.slice(0, 4)]));
/** A = X W [16, 4]. */
export const aligned = x.map((r) => {
  const w = nested(fill(3, 6, 4));
  return Array.from({ length: 4 }, (_, p) => r.reduce((n, value, d) => n + value * w[d]![p]!, 0));
});

export const pairsOfTwo = Uint32Array.from({ length: 16 }, (_, i) => Math.floor(i / 2));

export function nested({ data, rows, cols }: Matrix64): number[][] {
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * cols, (i + 1) * cols)]);
}

export async function lossOf(loss: Loss, inputs: readonly Input[]): Promise<number> {
  const value = tf.tidy(() => loss(inputs.map(upload)));
  const [number] = await value.data();
  value.dispose();
  return number!;
}

/** One flat gradient per input. */
export async function gradientsOf(loss: Loss, inputs: readonly Input[]) {
  const tensors = tf.tidy(() =>
    tf.grads((...each: tf.Tensor[]) => loss(each))(inputs.map((input) => upload(input))),
  );
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return values;
}

/** Central differences of a float64 definition, one flat gradient per input. */
export function differencesOf(
  oracle: (inputs: readonly Input[]) => number,
  inputs: readonly Input[],
  by = 1e-5,
): number[][] {
  return inputs.map((input, at) => {
    const slope = (move: (by: number) => Input) => {
      const moved = (step: number) =>
        oracle(inputs.map((other, i) => (i === at ? move(step) : other)));
      return (moved(by) - moved(-by)) / (2 * by);
    };
    if (typeof input === "number") return [slope((step) => input + step)];
    return input.flatMap((r, i) => r.map((_, d) => slope((step) => nudged(input, i, d, step))));
  });
}

/** Largest difference of two gradients, relative to the largest entry of the second (at least 1e-3). */
export function worst(found: ArrayLike<number>, expected: readonly number[]): number {
  const scale = Math.max(1e-3, ...expected.map(Math.abs));
  const apart = expected.map((value, i) => Math.abs(found[i]! - value));
  return apart.some(Number.isNaN) ? NaN : Math.max(...apart) / scale;
}

/** |found / expected − 1| */
export const relative = (found: number, expected: number) => Math.abs(found / expected - 1);

function upload(input: Input): tf.Tensor {
  return typeof input === "number" ? tf.scalar(input) : tf.tensor2d(input);
}

function nudged(rows: number[][], i: number, d: number, by: number): number[][] {
  return rows.map((r, p) => r.map((value, e) => (p === i && e === d ? value + by : value)));
}
