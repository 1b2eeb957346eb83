import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../../src/engine/align/backend";
import * as tf from "../../../../src/engine/align/tf";

describe("the exponential on wasm", () => {
  beforeAll(() => openBackend("wasm"));

  const exp = async (values: readonly number[]) => {
    const x = tf.tensor1d([...values]);
    const y = tf.exp(x);
    const out = Array.from(await y.data());
    const kept = Array.from(await x.data());
    tf.dispose([x, y]);
    return { out, kept };
  };

  it("equals the definition to float32's rounding over its whole range", async () => {
    const inputs = Float32Array.from({ length: 20_001 }, (_, i) => -87.3 + (i * 176) / 20_001);
    const { out, kept } = await exp(Array.from(inputs));
    expect(kept).toEqual(Array.from(inputs)); // the argument stays as it was
    const worst = out.reduce((most, y, i) => {
      const want = Math.exp(inputs[i]!);
      return Math.max(most, Math.abs(y - want) / want);
    }, 0);
    expect(worst).toBeLessThan(2 * 2 ** -23);
  });

  it("keeps the special values", async () => {
    const { out } = await exp([0, -0, -Infinity, Infinity, NaN, -200, 200, 1e30, -1e30, 88.7]);
    expect(out.slice(0, 4)).toEqual([1, 1, 0, Infinity]);
    expect(out[4]).toBeNaN();
    expect(out.slice(5, 9)).toEqual([0, Infinity, Infinity, 0]);
    expect(out[9]! / Math.exp(88.7)).toBeCloseTo(1, 5);
  });

  it("computes every number of a tensor of any length", async () => {
    for (const length of [0, 1, 2, 3, 4, 5, 7, 9]) {
      const values = Array.from({ length }, (_, i) => i - 3);
      const { out } = await exp(values);
      values.forEach((value, i) => expect(out[i]! / Math.exp(value)).toBeCloseTo(1, 6));
    }
  });
});
