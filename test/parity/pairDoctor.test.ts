import { expect, it } from "vitest";
import { diagnose } from "../../src/engine/doctor/diagnose";
import { aucOf } from "../../src/engine/doctor/selfTest";
import { emojiPairs } from "../support/doctorFixture";

async function examined(options: Parameters<typeof emojiPairs>[0]) {
  const { input, wrong } = emojiPairs(options);
  const { selfTest, ranking, ...rest } = await diagnose(input);
  const mismatch = new Float64Array(wrong.length);
  ranking.pair.forEach((p, place) => (mismatch[p] = ranking.mismatch[place]!));
  const flagged = Array.from(mismatch.keys()).filter((p) => mismatch[p]! >= selfTest.threshold);
  const right = flagged.filter((p) => wrong[p] === 0).length;
  const wrongs = wrong.reduce((sum, mark) => sum + mark, 0);
  return {
    ...rest,
    selfTest,
    auc: wrongs > 0 ? aucOf({ mismatch, planted: wrong }) : NaN,
    falseRate: right / (wrong.length - wrongs),
    recall: (flagged.length - right) / wrongs,
  };
}

it("finds 5 % exchanged captions of the whole emoji sample with AUC 0.9", async () => {
  const { auc, falseRate, recall } = await examined({ count: 3_246, seed: 1, wrong: 0.05 });
  expect(auc).toBeGreaterThan(0.9);
  expect(recall).toBeGreaterThan(0.35);
  expect(falseRate).toBeLessThan(0.02);
});

it("flags at most the nominal rate of the emoji sample as it is", async () => {
  const { selfTest, falseRate, shift } = await examined({ count: 3_246, seed: 1 });
  expect(selfTest.auc).toBeGreaterThan(0.9);
  expect(falseRate).toBeLessThanOrEqual(selfTest.nominalRate);
  expect(shift?.offset).toBe(0);
});

it.each([1, 2])("judges 600 pairs of it, draw %i", async (seed) => {
  const { selfTest, falseRate } = await examined({ count: 600, seed });
  expect(selfTest.auc).toBeGreaterThan(0.8);
  expect(falseRate).toBeLessThanOrEqual(selfTest.nominalRate);
});

it("finds a table that is two rows out of step", async () => {
  const { shift } = await examined({ count: 600, seed: 1, shift: 2 });
  expect(shift?.offset).toBe(-2);
});
