import { describe, expect, it } from "vitest";
import { matrix64, type Matrix64 } from "../../../../src/core/math/linalg/matrix64";
import { matrix } from "../../../../src/core/math/matrix";
import { relevanceOf } from "../../../../src/core/metrics/relevance";
import { mutualFirstHitRanks, recallAtK } from "../../../../src/core/metrics/retrieval";
import { TrainingMoments } from "../../../../src/engine/align/solvers/moments";
import {
  climb,
  indexOfMaximum,
  openSelection,
  rankGrid,
  scorePrefixes,
} from "../../../../src/engine/align/solvers/selection";
import { latentData } from "../../../support/alignmentFixture";
import { fill } from "../../../support/goldenData";

const pairs = {
  image: Uint32Array.from({ length: 30 }, (_, p) => p % 24),
  text: Uint32Array.from({ length: 30 }, (_, p) => (p * 7) % 15),
};
const relevance = relevanceOf(pairs, 24, 15);

/** The same by projecting, normalising and ranking each width from scratch. */
function scoreFromScratch(u: Matrix64, v: Matrix64, size: number, weights: Float64Array): number {
  const unit = (m: Matrix64, factor: (k: number) => number) => {
    const data = new Float32Array(m.rows * size);
    for (let i = 0; i < m.rows; i++) {
      const cut = m.data.subarray(i * m.cols, i * m.cols + size);
      cut.forEach((value, k) => (data[i * size + k] = (factor(k) * value) / Math.hypot(...cut)));
    }
    return matrix(m.rows, size, data);
  };
  const ranks = mutualFirstHitRanks(
    unit(u, (k) => weights[k]!),
    unit(v, () => 1),
    relevance,
  );
  let sum = 0;
  for (const way of [ranks.imageToText, ranks.textToImage]) {
    for (let k = 1; k <= 10; k++) sum += recallAtK(way, k) / 20;
  }
  return sum;
}

describe("scores of prefixes", () => {
  const [u, v] = [fill(1, 24, 9), fill(2, 15, 9)];
  const weights = Float64Array.from({ length: 9 }, (_, k) => 1 / (k + 1));

  it("equal the mean of recall@1 to 10 of each width on its own", () => {
    const sizes = [1, 2, 5, 9];
    const scores = scorePrefixes(u, v, sizes, relevance, weights);
    sizes.forEach((size, i) => {
      expect(scores[i]).toBeCloseTo(scoreFromScratch(u, v, size, weights), 12);
    });
    expect(new Set(scores).size).toBeGreaterThan(1);
  });

  it("are 0 beyond reach for a collapsed projection", () => {
    const relevant = relevanceOf(
      { image: Uint32Array.from({ length: 20 }, (_, i) => i), text: pairsOf(20) },
      20,
      20,
    );
    const flat = matrix64(20, 3, new Float64Array(60).fill(0.2));
    expect(scorePrefixes(flat, flat, [3], relevant)).toEqual([0]);
    const zero = matrix64(20, 3);
    expect(scorePrefixes(zero, zero, [3], relevant)).toEqual([0]);
  });

  it("refuse NaN", () => {
    const bad = matrix64(24, 9, u.data.slice());
    bad.data[20] = NaN;
    expect(() => scorePrefixes(bad, v, [9], relevance)).toThrow(
      expect.objectContaining({ code: "data/non-finite" }),
    );
  });
});

const pairsOf = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);

describe("the selection set", () => {
  it("holds the validation items, minus the training means", () => {
    const data = latentData({ train: 30, validation: 8 });
    const moments = new TrainingMoments(data);
    const { image } = openSelection(data, moments)!;
    expect([image.rows, image.cols]).toEqual([8, 12]);
    for (let d = 0; d < 12; d++) {
      let mean = 0;
      for (let i = 0; i < 30; i++) mean += data.image.data[i * 12 + d]! / 30;
      expect(moments.image.mean[d]).toBeCloseTo(mean, 12);
      expect(image.data[5 * 12 + d]).toBeCloseTo(data.image.data[35 * 12 + d]! - mean, 12);
    }
  });

  it("takes at most 1,000 pairs, from the first to near the last", () => {
    const data = latentData({ train: 4, validation: 1_501, imageWidth: 2, textWidth: 2 });
    const moments = new TrainingMoments(data);
    const { image } = openSelection(data, moments)!;
    expect(image.rows).toBe(1_000);
    expect(image.data[0]).toBeCloseTo(data.image.data[8]! - moments.image.mean[0]!, 12);
    const last = data.image.data[2 * (4 + 1_499)]! - moments.image.mean[0]!;
    expect(image.data[2 * 999]).toBeCloseTo(last, 12);
  });

  it("is null without validation pairs", () => {
    const data = latentData({ train: 5 });
    expect(openSelection(data, new TrainingMoments(data))).toBeNull();
  });
});

it("tries widths up to the full rank, and lets the smaller of equals win", () => {
  expect(rankGrid(5)).toEqual([5]);
  expect(rankGrid(64)).toEqual([8, 16, 32, 64]);
  expect(rankGrid(100)).toEqual([8, 16, 32, 64, 96, 100]);
  expect(indexOfMaximum([1, 3, 3, 2])).toBe(1);
});

describe("climbing a grid", () => {
  const grid = [1, 2, 3, 4, 5, 6];
  const climbTo = async (scores: number[], start: number) => {
    const asked: number[] = [];
    const best = await climb(grid, start, async (value) => {
      asked.push(value);
      return scores[value - 1]!;
    });
    return { best, asked };
  };

  it("asks only the neighbours of a start that is best", async () => {
    expect(await climbTo([0, 1, 2, 9, 2, 1], 4)).toEqual({ best: 4, asked: [4, 3, 5] });
  });

  it("goes on in the direction that rises, to either end", async () => {
    expect((await climbTo([9, 8, 7, 6, 5, 4], 4)).best).toBe(1);
    expect((await climbTo([4, 5, 6, 7, 8, 9], 4)).best).toBe(6);
    expect((await climbTo([4, 5, 9, 7, 8, 1], 4)).best).toBe(3);
  });

  it("stays where nothing is better, and asks nothing twice", async () => {
    const { best, asked } = await climbTo([5, 5, 5, 5, 5, 5], 4);
    expect(best).toBe(4);
    expect(new Set(asked).size).toBe(asked.length);
  });
});
