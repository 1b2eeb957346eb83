import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../../src/engine/align/backend";
import { maskedInfoNce, softInfoNce } from "../../../../src/engine/align/losses/groupedInfoNce";
import { infoNce } from "../../../../src/engine/align/losses/infoNce";
import { l2Normalize } from "../../../../src/engine/align/ops/l2Normalize";
import * as tf from "../../../../src/engine/align/tf";
import { golden } from "../../../support/goldenData";
import {
  a,
  b,
  differencesOf,
  gradientsOf,
  lossOf,
  pairsOfTwo,
  relative,
  v,
  worst,
  y,
  type Input,
  type Loss,
} from "../../../support/losses";
import { maskedInfoNceOracle, softInfoNceOracle } from "../../../oracles/groupedInfoNce";
import { unitRows } from "../../../oracles/infoNce";

const T = Math.log(1 / 0.07);
const unequal = Uint32Array.from([3, 3, 3, 9, 9, 4e9, 1, 2, 2, 5, 6, 7, 8, 1, 1, 1]);
const alone = Uint32Array.from({ length: 16 }, (_, i) => i);

const FORMS = [
  {
    form: maskedInfoNce,
    oracle: maskedInfoNceOracle,
    value: golden.values.maskedInfoNceGroupsOf2Tau0p07,
  },
  {
    form: softInfoNce,
    oracle: softInfoNceOracle,
    value: golden.values.softTargetInfoNceGroupsOf2Tau0p07,
  },
];

describe.each(["cpu", "wasm"] as const)("on %s", (device) => {
  beforeAll(() => openBackend(device));

  describe.each(FORMS)("$form.name", ({ form, oracle, value }) => {
    const loss =
      (groups: Uint32Array): Loss =>
      ([p, q, t]) =>
        form(p as tf.Tensor2D, q as tf.Tensor2D, t as tf.Scalar, groups);
    const beforeNorm =
      (groups: Uint32Array): Loss =>
      ([p, q, t]) =>
        loss(groups)([l2Normalize(p as tf.Tensor2D), l2Normalize(q as tf.Tensor2D), t!]);

    it("has the golden value for groups of two", async () => {
      expect(relative(await lossOf(loss(pairsOfTwo), [a, b, T]), value)).toBeLessThan(1e-5);
    });

    it.each([0, T, Math.log(100)])("equals the definition at log scale %f", async (t) => {
      const expected = oracle(a, b, t, unequal);
      expect(relative(await lossOf(loss(unequal), [a, b, t]), expected)).toBeLessThan(1e-4);
    });

    it("has the gradient of the definition in every input (central differences)", async () => {
      const inputs: Input[] = [v, y, 1];
      const analytic = await gradientsOf(beforeNorm(unequal), inputs);
      const numeric = differencesOf(
        ([p, q, t]) =>
          oracle(unitRows(p as number[][]), unitRows(q as number[][]), t as number, unequal),
        inputs,
      );
      numeric.forEach((expected, i) => expect(worst(analytic[i]!, expected)).toBeLessThan(1e-3));
    });

    it("is plain InfoNCE when no two rows share a group", async () => {
      const plain: Loss = ([p, q, t]) =>
        infoNce(p as tf.Tensor2D, q as tf.Tensor2D, t as tf.Scalar);
      const inputs: Input[] = [a, b, T];
      expect(await lossOf(loss(alone), inputs)).toBeCloseTo(await lossOf(plain, inputs), 5);
      const [found, expected] = [
        await gradientsOf(loss(alone), inputs),
        await gradientsOf(plain, inputs),
      ];
      found.forEach((gradient, i) => expect(worst(gradient, [...expected[i]!])).toBeLessThan(1e-4));
    });

    it("does not depend on the order of the pairs, nor on the names of the groups", async () => {
      const order = [5, 0, 15, 2, 9, 1, 3, 4, 8, 7, 6, 14, 13, 12, 11, 10];
      const moved = [order.map((i) => a[i]!), order.map((i) => b[i]!), T];
      const groups = Uint32Array.from(order, (i) => 1_000 - (unequal[i]! % 1_000));
      const found = await lossOf(loss(groups), moved);
      expect(found).toBeCloseTo(await lossOf(loss(unequal), [a, b, T]), 5);
    });

    it("treats both directions alike", async () => {
      const [forth, back] = [[a, b, 2] as Input[], [b, a, 2] as Input[]];
      expect(await lossOf(loss(unequal), forth)).toBeCloseTo(await lossOf(loss(unequal), back), 5);
    });

    it("stays finite at a logit scale of 1e4, and passes NaN on", async () => {
      const hot: Input[] = [v, y, Math.log(1e4)];
      expect(Number.isFinite(await lossOf(beforeNorm(unequal), hot))).toBe(true);
      for (const gradient of await gradientsOf(beforeNorm(unequal), hot)) {
        expect(gradient.every(Number.isFinite)).toBe(true);
      }
      const broken = a.map((r, i) => (i === 3 ? r.map(() => NaN) : r));
      expect(await lossOf(loss(unequal), [broken, b, 1])).toBeNaN();
    });

    it("leaves no tensor behind", async () => {
      await gradientsOf(loss(unequal), [a, b, T]);
      const before = tf.memory().numTensors;
      await lossOf(loss(unequal), [a, b, T]);
      await gradientsOf(loss(unequal), [a, b, T]);
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  it("masked: captions of one picture, all alike, are no contradiction", async () => {
    const one = [[0.6, 0.8], [0.6, 0.8], [-0.8, 0.6], [-0.8, 0.6]]; // prettier-ignore
    const groups = Uint32Array.of(0, 0, 1, 1);
    const masked: Loss = ([p, q, t]) =>
      maskedInfoNce(p as tf.Tensor2D, q as tf.Tensor2D, t as tf.Scalar, groups);
    expect(await lossOf(masked, [one, one, Math.log(100)])).toBeCloseTo(0, 6);
    const everyone: Loss = ([p, q, t]) =>
      maskedInfoNce(p as tf.Tensor2D, q as tf.Tensor2D, t as tf.Scalar, new Uint32Array(4));
    expect(await lossOf(everyone, [one, one, 1])).toBeCloseTo(0, 6); // nothing to tell apart
  });

  it("soft: the floor is the log of the group size", async () => {
    const one = [[0.6, 0.8], [0.6, 0.8], [-0.8, 0.6], [-0.8, 0.6]]; // prettier-ignore
    const soft: Loss = ([p, q, t]) =>
      softInfoNce(p as tf.Tensor2D, q as tf.Tensor2D, t as tf.Scalar, Uint32Array.of(0, 0, 1, 1));
    expect(await lossOf(soft, [one, one, Math.log(100)])).toBeCloseTo(Math.log(2), 5);
  });
});
