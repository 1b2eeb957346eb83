import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { openBackend } from "../../../../src/engine/align/backend";
import { installMatMul } from "../../../../src/engine/align/kernels/matMulKernel";
import * as tf from "../../../../src/engine/align/tf";

const wide = [
  [0.3, -1.2, 2.1, 0.5],
  [-0.7, 0.4, 0.9, 1.5],
];
const tall = [
  [1.1, -0.2, 0.5],
  [0.6, 0.8, -1.4],
  [-0.9, 0.7, 0.2],
  [0.1, 0.9, -0.6],
];

const product = (x: number[][], y: number[][]) =>
  x.map((row) => y[0]!.map((_, j) => row.reduce((sum, v, l) => sum + v * y[l]![j]!, 0)));
const flip = (x: number[][]) => x[0]!.map((_, j) => x.map((row) => row[j]!));

async function expectEqual(got: tf.Tensor, want: number[][]): Promise<void> {
  expect(got.shape).toEqual([want.length, want[0]!.length]);
  const values = await got.data();
  want.flat().forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
  got.dispose();
}

const expectEveryForm = async () => {
  const before = tf.memory().numTensors;
  const tensors = [wide, tall, flip(wide), flip(tall)].map((x) => tf.tensor2d(x));
  const [a, b, aFlipped, bFlipped] = tensors as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const want = product(wide, tall);
  await expectEqual(tf.matMul(a, b), want);
  await expectEqual(tf.matMul(aFlipped, b, true), want);
  await expectEqual(tf.matMul(a, bFlipped, false, true), want);
  await expectEqual(tf.matMul(aFlipped, bFlipped, true, true), want);
  const stack = tf.matMul(tf.stack([a, a]), tf.stack([b, b]));
  expect(stack.shape).toEqual([2, 2, 3]);
  expect((await stack.data())[6]).toBeCloseTo(want[0]![0]!, 6);
  tf.dispose([...tensors, stack]);
  tf.disposeVariables();
  return tf.memory().numTensors - before;
};

describe("the matrix product on wasm", () => {
  beforeAll(() => openBackend("wasm"));
  afterEach(() => vi.restoreAllMocks());

  it("takes transposed operands and stacks, and leaves no tensor behind", async () => {
    expect(await expectEveryForm()).toBe(2); // the two stacks of the test itself
  });

  it("names both shapes when they do not fit", () => {
    const x = tf.tensor2d(wide);
    expect(() => tf.matMul(x, x)).toThrow(/product of \[2, 4\] and \[2, 4\]/);
    x.dispose();
  });

  it("gives zeros for a product over nothing", async () => {
    const empty = tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3]));
    expect(Array.from(await empty.data())).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("stays right where our own kernel cannot run", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    expect(installMatMul()).toBe(false);
    expect(await expectEveryForm()).toBe(2);
    vi.restoreAllMocks();
    expect(installMatMul()).toBe(true);
  });
});
