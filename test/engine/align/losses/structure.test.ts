import { beforeAll, describe, expect, it } from "vitest";
import type { StructureSettings } from "../../../../src/core/domain/alignSettings";
import { rng } from "../../../../src/core/math/rng";
import { openBackend } from "../../../../src/engine/align/backend";
import {
  meanSelfProbability,
  neighbourProbabilities,
  structureLoss,
} from "../../../../src/engine/align/losses/structure";
import { fillOrthogonal } from "../../../../src/engine/align/projectors/orthogonal";
import * as tf from "../../../../src/engine/align/tf";
import { golden } from "../../../support/goldenData";
import {
  aligned,
  differencesOf,
  gradientsOf,
  lossOf,
  relative,
  worst,
  x,
  type Loss,
} from "../../../support/losses";
import { neighbourOracle, structureOracle } from "../../../oracles/structure";

const { values } = golden;
const FORMS = ["code", "jensen-shannon"] as const;

const settings = (
  divergence: StructureSettings["divergence"],
  levels = 1,
  temperature = 0.05,
): StructureSettings => ({ weight: 10, divergence, temperature, levels, ramp: 0.1 });

/** The loss of one side as a function of its projections. */
const against =
  (frozen: number[][], options: StructureSettings): Loss =>
  ([moved]) => {
    const before = neighbourProbabilities(tf.tensor2d(frozen), options.temperature, options.levels);
    return structureLoss(before, moved as tf.Tensor2D, options);
  };

const structure = (frozen: number[][], moved: number[][], options: StructureSettings) =>
  lossOf(against(frozen, options), [moved]);

describe.each(["cpu", "wasm"] as const)("STRUCTURE on %s", (device) => {
  beforeAll(() => openBackend(device));

  it.each([
    ["code", 1, values.structureCodeFormL1],
    ["code", 3, values.structureCodeFormL3Inverse],
    ["jensen-shannon", 1, values.structureTrueJsL1],
    ["jensen-shannon", 3, values.structureTrueJsL3Inverse],
  ] as const)(
    "has the golden value of the form %s at %i levels",
    async (form, levels, expected) => {
      const found = await structure(x, aligned, settings(form, levels));
      expect(relative(found, expected)).toBeLessThan(1e-5);
    },
  );

  it("has the golden gradient", async () => {
    const [da] = await gradientsOf(against(x, settings("code")), [aligned]);
    const found = da![2 * 4 + 3]!;
    expect(relative(found, values.gradStructureCodeFormL1dARow2Col3)).toBeLessThan(1e-3);
  });

  it.each([
    ["code", 1],
    ["code", 3],
    ["jensen-shannon", 1],
    ["jensen-shannon", 3],
  ] as const)("has the gradient of the definition: %s, %i levels", async (form, levels) => {
    const options = settings(form, levels, 0.2);
    const [analytic] = await gradientsOf(against(x, options), [aligned]);
    const [numeric] = differencesOf(
      ([moved]) => structureOracle(x, moved as number[][], options),
      [aligned],
    );
    expect(worst(analytic!, numeric!)).toBeLessThan(1e-3);
  });

  it("is 0 for a projection that changed nothing, exactly", async () => {
    for (const form of FORMS) expect(await structure(x, x, settings(form, 3))).toBe(0);
    expect(values.structureSelfTrueJsL3Inverse).toBe(0);
  });

  it("does not see scale and rotation", async () => {
    const turn = new Float32Array(36);
    fillOrthogonal(turn, [6, 6], rng(4));
    const turned = x.map((r) =>
      r.map((_, p) => 3.7 * r.reduce((n, value, d) => n + value * turn[d * 6 + p]!, 0)),
    );
    for (const form of FORMS) {
      expect(await structure(x, turned, settings(form, 3))).toBeLessThan(1e-5);
    }
  });

  it("sees translation, because rows are normalised before they are centred", async () => {
    const moved = x.map((r) => r.map((value) => value + 0.5));
    const found = await structure(x, moved, settings("jensen-shannon"));
    expect(relative(found, values.structureTranslationNormThenCentreTrueJsL1)).toBeLessThan(1e-4);
  });

  it("keeps Jensen-Shannon at most ln 2, also for neighbourhoods with nothing in common", async () => {
    const apart = x.map((_, i) => x.map((_, j) => Number(i === j)));
    const together = x.map((_, i) => [Number(i % 2), 1 - Number(i % 2)]);
    const found = await structure(apart, together, settings("jensen-shannon", 1, 0.001));
    expect(found).toBeLessThanOrEqual(Math.log(2));
    expect(found).toBeGreaterThan(0.4);
    const [gradient] = await gradientsOf(against(apart, settings("code", 1, 0.001)), [together]);
    expect(gradient!.every(Number.isFinite)).toBe(true);
  });

  it("does not depend on the order of the rows", async () => {
    const order = x.map((_, i) => (i * 5) % 16);
    const options = settings("code", 2);
    const moved = await structure(
      order.map((i) => x[i]!),
      order.map((i) => aligned[i]!),
      options,
    );
    expect(moved).toBeCloseTo(await structure(x, aligned, options), 5);
  });

  it("says how much of a row's probability is its own, as the golden value has it", async () => {
    const own = await lossOf(
      ([rows]) => meanSelfProbability(neighbourProbabilities(rows as tf.Tensor2D, 0.05, 1)[0]!),
      [x],
    );
    expect(relative(own, values.structureMeanSelfProbabilityX)).toBeLessThan(1e-5);
  });

  it("gives rows of sum 1 at every power, equal to the definition", async () => {
    const powers = neighbourProbabilities(tf.tensor2d(x), 0.2, 3);
    const expected = neighbourOracle(x, 0.2, 3);
    for (const [l, power] of powers.entries()) {
      const found = await power.array();
      found.forEach((r, i) => {
        expect(r.reduce((n, p) => n + p, 0)).toBeCloseTo(1, 5);
        r.forEach((p, j) => expect(p).toBeCloseTo(expected[l]![i]![j]!, 5));
      });
    }
    tf.dispose(powers);
  });

  it("is finite for collapsed rows, zero for a single pair, and passes NaN on", async () => {
    const collapsed = x.map(() => [1, 2, 3]);
    const options = settings("code", 2);
    expect(Number.isFinite(await structure(x, collapsed, options))).toBe(true);
    const [gradient] = await gradientsOf(against(x, options), [collapsed]);
    expect(gradient!.every(Number.isFinite)).toBe(true);
    expect(await structure([[1, 2]], [[3, -1, 4]], options)).toBe(0);
    const broken = aligned.map((r, i) => (i === 3 ? r.map(() => NaN) : r));
    expect(await structure(x, broken, options)).toBeNaN();
  });

  it("leaves no tensor behind", async () => {
    const loss = against(x, settings("code", 3));
    await gradientsOf(loss, [aligned]);
    const before = tf.memory().numTensors;
    await lossOf(loss, [aligned]);
    await gradientsOf(loss, [aligned]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
