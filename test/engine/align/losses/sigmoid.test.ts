import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../../src/engine/align/backend";
import { sigmoidLoss } from "../../../../src/engine/align/losses/sigmoid";
import { l2Normalize } from "../../../../src/engine/align/ops/l2Normalize";
import * as tf from "../../../../src/engine/align/tf";
import { golden } from "../../../support/goldenData";
import {
  a,
  b,
  b2,
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
import { unitRows } from "../../../oracles/infoNce";
import { sigmoidOracle } from "../../../oracles/sigmoid";

const T10 = Math.log(10);
const T20 = Math.log(20);

const loss =
  (groups: Uint32Array | null = null): Loss =>
  ([p, q, t, beta]) =>
    sigmoidLoss(p as tf.Tensor2D, q as tf.Tensor2D, t as tf.Scalar, beta as tf.Scalar, groups);
const beforeNorm =
  (groups: Uint32Array | null = null): Loss =>
  ([p, q, ...rest]) =>
    loss(groups)([l2Normalize(p as tf.Tensor2D), l2Normalize(q as tf.Tensor2D), ...rest]);

describe.each(["cpu", "wasm"] as const)("sigmoidLoss on %s", (device) => {
  beforeAll(() => openBackend(device));

  it("has the golden values", async () => {
    const { values } = golden;
    const overN = 16 * (await lossOf(loss(), [a, b, T10, -10]));
    expect(relative(overN, values.sigmoidT10BiasMinus10SumOverN)).toBeLessThan(1e-5);
    const first = await lossOf(loss(), [a, b, T20, -10]);
    expect(relative(first, values.sigmoidT20BiasMinus10SumOverN2)).toBeLessThan(1e-5);
    const both = (first + (await lossOf(loss(), [a, b2, T20, -10]))) / 2;
    expect(relative(both, values.sigmoidTwoCaptionSetsT20BiasMinus10)).toBeLessThan(1e-5);
  });

  it("has the golden gradients", async () => {
    const { gradSigmoidT20dVRow2Col3, gradSigmoidT20dT, gradSigmoidT20dBias } = golden.values;
    const [dv, , dLogScale, dBias] = await gradientsOf(beforeNorm(), [v, y, T20, -10]);
    expect(relative(dv![2 * 5 + 3]!, gradSigmoidT20dVRow2Col3)).toBeLessThan(1e-3);
    expect(relative(dLogScale![0]! / 20, gradSigmoidT20dT)).toBeLessThan(1e-3); // d ln t = dt / t
    expect(relative(dBias![0]!, gradSigmoidT20dBias)).toBeLessThan(1e-3);
  });

  it.each([null, pairsOfTwo])(
    "has the value and gradient of the definition in every input (groups %#)",
    async (groups) => {
      const inputs: Input[] = [v, y, 1.5, -2];
      const oracle = ([p, q, t, beta]: readonly Input[]) =>
        sigmoidOracle({
          a: unitRows(p as number[][]),
          b: unitRows(q as number[][]),
          logScale: t as number,
          bias: beta as number,
          groups,
        });
      const found = await lossOf(beforeNorm(groups), inputs);
      expect(relative(found, oracle(inputs))).toBeLessThan(1e-5);
      const analytic = await gradientsOf(beforeNorm(groups), inputs);
      differencesOf(oracle, inputs).forEach((expected, i) => {
        expect(worst(analytic[i]!, expected)).toBeLessThan(1e-3);
      });
    },
  );

  it("begins near 10 / B for a bias of −10, far from the 10 of a wrong sign", async () => {
    const flat = a.map(() => [0, 1]);
    const across = a.map(() => [1, 0]); // cosine 0 with all of them
    const found = await lossOf(loss(), [flat, across, T20, -10]);
    const expected = (15 * Math.log1p(Math.exp(-10)) + Math.log1p(Math.exp(10))) / 16;
    expect(relative(found, expected)).toBeLessThan(1e-5);
    expect(found).toBeCloseTo(10 / 16, 3);
  });

  it("pulls the bias by (B − 1)/B · sigmoid(β) − sigmoid(−β)/B at cosine 0", async () => {
    const [, , , dBias] = await gradientsOf(loss(), [
      a.map(() => [0, 1]),
      a.map(() => [1, 0]),
      T20,
      -3,
    ]);
    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    expect(dBias![0]).toBeCloseTo((15 / 16) * sigmoid(-3) - sigmoid(3) / 16, 6);
  });

  it("does not depend on the order of the pairs, nor on which side is which", async () => {
    const order = a.map((_, i) => (i * 5) % 16);
    const inputs: Input[] = [a, b, T10, -4];
    const expected = await lossOf(loss(), inputs);
    const moved: Input[] = [order.map((i) => a[i]!), order.map((i) => b[i]!), T10, -4];
    expect(await lossOf(loss(), moved)).toBeCloseTo(expected, 6);
    expect(await lossOf(loss(), [b, a, T10, -4])).toBeCloseTo(expected, 6);
  });

  it("stays finite where exp overflows, is exact for a single pair, and passes NaN on", async () => {
    const hot: Input[] = [v, y, Math.log(1e4), -10];
    expect(Number.isFinite(await lossOf(beforeNorm(), hot))).toBe(true);
    for (const gradient of await gradientsOf(beforeNorm(), hot)) {
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
    const single: Input[] = [[[1, 0]], [[1, 0]], 0, 0];
    expect(await lossOf(loss(), single)).toBeCloseTo(Math.log1p(Math.exp(-1)), 6);
    const broken = a.map((r, i) => (i === 3 ? r.map(() => NaN) : r));
    expect(await lossOf(loss(), [broken, b, 1, -1])).toBeNaN();
  });

  it("leaves no tensor behind", async () => {
    await gradientsOf(loss(), [a, b, T10, -4]);
    const before = tf.memory().numTensors;
    await lossOf(loss(), [a, b, T10, -4]);
    await gradientsOf(loss(), [a, b, T10, -4]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
