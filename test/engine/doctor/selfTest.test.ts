import { describe, expect, it } from "vitest";
import { permutation, rng } from "../../../src/core/math/rng";
import {
  aucOf,
  judgeSelfTest,
  PLANTED_SHARE,
  plantingRepeats,
  plantSwaps,
} from "../../../src/engine/doctor/selfTest";

const normal = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Right pairs around 0, exchanged ones around `apart`, and some that were wrong before. */
function repeats(apart: number, wrong = 0, size = 2_000) {
  const random = rng(7);
  return Array.from({ length: 3 }, () => {
    const planted = Uint8Array.from({ length: size }, (_, p) => Number(p < PLANTED_SHARE * size));
    const mismatch = Float64Array.from(planted, (mark) => {
      return normal(random) + (mark === 1 || random() < wrong ? apart : 0);
    });
    return { mismatch, planted };
  });
}

describe("planting", () => {
  const text = Uint32Array.from({ length: 200 }, (_, p) => p >> 1);

  it("exchanges captions two by two and keeps all of them", () => {
    const { text: after, planted } = plantSwaps(text, 0);
    expect([...after].sort()).toEqual([...text].sort());
    expect(planted.reduce((sum, mark) => sum + mark, 0)).toBe(10);
    planted.forEach((mark, p) => expect(after[p] !== text[p]).toBe(mark === 1));
  });

  it("plants others in each repeat and the same ones again", () => {
    expect(plantSwaps(text, 1)).toEqual(plantSwaps(text, 1));
    expect(plantSwaps(text, 1).text).not.toEqual(plantSwaps(text, 2).text);
  });

  it("plants nothing where all captions are one", () => {
    expect(plantSwaps(new Uint32Array(100), 0).planted.includes(1)).toBe(false);
  });

  it("repeats more often with fewer pairs, never without bound", () => {
    expect([50, 600, 3_246, 1e6].map(plantingRepeats)).toEqual([10, 10, 3, 3]);
  });
});

describe("AUC", () => {
  it("is 1 when all exchanged pairs are on top, 0 at the bottom, and half with ties", () => {
    const planted = Uint8Array.of(1, 0, 0, 1);
    expect(aucOf({ mismatch: Float64Array.of(3, 1, 0, 2), planted })).toBe(1);
    expect(aucOf({ mismatch: Float64Array.of(0, 2, 3, 1), planted })).toBe(0);
    expect(aucOf({ mismatch: Float64Array.of(1, 1, 1, 1), planted })).toBe(0.5);
  });

  it("counts pairs won, as the definition does", () => {
    const random = rng(3);
    const mismatch = Float64Array.from({ length: 60 }, () => Math.round(10 * random()));
    const planted = Uint8Array.from(permutation(60, random), (p) => Number(p < 9));
    let wins = 0;
    for (let a = 0; a < 60; a++) {
      for (let b = 0; b < 60; b++) {
        if (planted[a] !== 1 || planted[b] !== 0) continue;
        wins += mismatch[a]! > mismatch[b]! ? 1 : mismatch[a] === mismatch[b] ? 0.5 : 0;
      }
    }
    expect(aucOf({ mismatch, planted })).toBeCloseTo(wins / (9 * 51), 12);
  });
});

describe("the verdict", () => {
  it("flags about 1 % of right pairs when the data is clean", () => {
    const judged = judgeSelfTest(repeats(4));
    const clean = repeats(4)[0]!;
    const right = clean.mismatch.filter((_, p) => clean.planted[p] === 0);
    const share = right.filter((value) => value >= judged.threshold).length / right.length;
    expect(share).toBeLessThan(judged.nominalRate);
    expect(share).toBeGreaterThan(0.004);
    expect(judged.recall).toBeGreaterThan(0.9);
    expect(judged.wrongShare).toBeLessThan(0.01);
  });

  it("flags more where more is wrong, instead of its nominal share", () => {
    const judged = judgeSelfTest(repeats(4, 0.1));
    expect(judged.wrongShare).toBeGreaterThan(0.06);
    expect(judged.wrongShare).toBeLessThan(0.13);
    expect(judged.recall).toBeGreaterThan(0.6);
  });

  it("is a guess when nothing tells exchanged pairs from others", () => {
    const { auc, low, high, recall } = judgeSelfTest(repeats(0));
    expect(auc).toBeCloseTo(0.5, 1);
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(recall).toBeLessThan(0.1);
  });
});
