import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../../src/engine/align/backend";
import { corpusInfoNce } from "../../../../src/engine/align/losses/corpusInfoNce";
import { infoNce } from "../../../../src/engine/align/losses/infoNce";
import { l2Normalize } from "../../../../src/engine/align/ops/l2Normalize";
import * as tf from "../../../../src/engine/align/tf";
import { fill } from "../../../support/goldenData";
import {
  a,
  b,
  differencesOf,
  gradientsOf,
  lossOf,
  nested,
  relative,
  v,
  worst,
  y,
  type Input,
  type Loss,
} from "../../../support/losses";
import { corpusInfoNceOracle } from "../../../oracles/groupedInfoNce";
import { unitRows } from "../../../oracles/infoNce";

const T = Math.log(1 / 0.07);
const others = unitRows(nested(fill(9, 40, 5)));

interface Bank {
  rows: number[][];
  positive: Uint32Array;
  masked: number[][];
}

const inBatch: Bank = { rows: b, positive: Uint32Array.from(a.keys()), masked: a.map(() => []) };
/** Partners between others, some of which are no negatives of some items. */
const bank: Bank = {
  rows: [...others.slice(0, 20), ...b, ...others.slice(20)],
  positive: Uint32Array.from(a.keys(), (i) => 20 + i),
  masked: a.map((_, i) => (i % 3 === 0 ? [i, i + 21, 20 + i, 50] : [])),
};

const loss =
  ({ rows, positive, masked }: Bank): Loss =>
  ([p, q, t]) =>
    corpusInfoNce(p as tf.Tensor2D, q as tf.Tensor2D, t as tf.Scalar, {
      rows: tf.tensor2d(rows),
      positive,
      masked,
    });
const beforeNorm =
  (corpus: Bank): Loss =>
  ([p, q, t]) =>
    loss(corpus)([l2Normalize(p as tf.Tensor2D), l2Normalize(q as tf.Tensor2D), t!]);

describe.each(["cpu", "wasm"] as const)("corpusInfoNce on %s", (device) => {
  beforeAll(() => openBackend(device));

  it("is the in-batch loss when the corpus is the batch", async () => {
    const plain: Loss = ([p, q, t]) => infoNce(p as tf.Tensor2D, q as tf.Tensor2D, t as tf.Scalar);
    const inputs: Input[] = [a, b, T];
    const found = await lossOf(loss(inBatch), inputs);
    expect(relative(found, await lossOf(plain, inputs))).toBeLessThan(1e-5);
    const [corpus, batch] = [
      await gradientsOf(loss(inBatch), inputs),
      await gradientsOf(plain, inputs),
    ];
    expect(worst(corpus[0]!, [...batch[0]!])).toBeLessThan(1e-4);
    expect(worst(corpus[2]!, [...batch[2]!])).toBeLessThan(1e-4);
  });

  it("has the value and gradient of the definition in every input", async () => {
    const inputs: Input[] = [v, y, 1.2];
    const oracle = ([p, q, t]: readonly Input[]) =>
      corpusInfoNceOracle(unitRows(p as number[][]), unitRows(q as number[][]), t as number, bank);
    expect(relative(await lossOf(beforeNorm(bank), inputs), oracle(inputs))).toBeLessThan(1e-5);
    const analytic = await gradientsOf(beforeNorm(bank), inputs);
    differencesOf(oracle, inputs).forEach((expected, i) => {
      expect(worst(analytic[i]!, expected)).toBeLessThan(1e-3);
    });
  });

  it("gives the corpus no gradient", async () => {
    const inCorpus: Loss = ([p, rows]) =>
      corpusInfoNce(p as tf.Tensor2D, tf.tensor2d(b), tf.scalar(T), {
        ...inBatch,
        rows: tf.mul(rows as tf.Tensor2D, 1),
      });
    await expect(gradientsOf(inCorpus, [a, b])).rejects.toThrow(/not connected|gradient/i);
  });

  it("does not see masked rows, wherever they are", async () => {
    const moved = bank.rows.map((r, j) => (j === 50 ? [1, 0, 0, 0, 0] : r));
    const masked = bank.masked.map((each) => [...each, 50]);
    const before = await lossOf(loss({ ...bank, masked }), [a, b, T]);
    expect(await lossOf(loss({ ...bank, rows: moved, masked }), [a, b, T])).toBe(before);
    expect(await lossOf(loss({ ...bank, rows: moved }), [a, b, T])).not.toBe(before);
  });

  it("masks once what is named twice", async () => {
    const twice = { ...bank, masked: bank.masked.map((each) => [...each, ...each]) };
    expect(await lossOf(loss(twice), [a, b, T])).toBe(await lossOf(loss(bank), [a, b, T]));
  });

  it("passes a corpus of several blocks through as if it were one", async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => others[i % 40]!);
    const positive = Uint32Array.from(a.keys(), (i) => 19_000 + i);
    const masked = a.map((_, i) => [i, 8_191, 8_192, 16_384 + i]);
    const found = await lossOf(loss({ rows: many, positive, masked }), [a, b, T]);
    const expected = corpusInfoNceOracle(a, b, T, { rows: many, positive, masked });
    expect(relative(found, expected)).toBeLessThan(1e-5);
  });

  it("stays finite at a logit scale of 1e4, and passes NaN on", async () => {
    const hot: Input[] = [v, y, Math.log(1e4)];
    expect(Number.isFinite(await lossOf(beforeNorm(bank), hot))).toBe(true);
    for (const gradient of await gradientsOf(beforeNorm(bank), hot)) {
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
    const broken = a.map((r, i) => (i === 3 ? r.map(() => NaN) : r));
    expect(await lossOf(loss(bank), [broken, b, 1])).toBeNaN();
  });

  it("is 0 for one pair in a corpus of its own", async () => {
    const single: Bank = { rows: [[0.6, 0.8]], positive: Uint32Array.of(0), masked: [[]] };
    expect(await lossOf(loss(single), [[[0.8, 0.6]], [[0.6, 0.8]], 2])).toBeCloseTo(0, 6);
  });

  it("leaves no tensor behind", async () => {
    await gradientsOf(loss(bank), [a, b, T]);
    const before = tf.memory().numTensors;
    await lossOf(loss(bank), [a, b, T]);
    await gradientsOf(loss(bank), [a, b, T]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
