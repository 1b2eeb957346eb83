import { describe, expect, it } from "vitest";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { rows64, golden, goldenSides } from "../../support/goldenData";
import { effectiveRank } from "../../../src/core/metrics/effectiveRank";
import { spaceGeometry } from "../../../src/core/metrics/geometry";
import { skewness } from "../../../src/core/metrics/hubness";
import { mutualFirstHitRanks, recallAtK } from "../../../src/core/metrics/retrieval";
import { relevanceOf } from "../../../src/core/metrics/relevance";
import {
  cosinesOracle,
  hubnessOracle,
  modalityGapOracle,
  uniformityOracle,
  unit,
} from "../../oracles/geometry";

const range = (n: number) => Uint32Array.from({ length: n }, (_, i) => i);
const oneToOne = (n: number) => ({ image: range(n), text: range(n) });

function noise(rows: number, cols: number, seed: number): Matrix {
  const random = rng(seed);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => 2 * random() - 1),
  );
}

const nested = ({ data, rows, cols }: Matrix) =>
  Array.from({ length: rows }, (_, i) => [...data.subarray(i * cols, (i + 1) * cols)]);

/** a and b of golden.json before normalisation: X[:, 0:5] and Y. */
function goldenSpace() {
  const { x, y } = goldenSides();
  const a = new Float32Array(16 * 5).map((_, at) => x.data[Math.floor(at / 5) * 6 + (at % 5)]!);
  return { a: matrix(16, 5, a), b: matrix(16, 5, Float32Array.from(y.data)) };
}

describe("the golden geometry", () => {
  const { a, b } = goldenSpace();
  const geometry = spaceGeometry(a, b, oneToOne(16));
  const { values } = golden;

  it("has the gap, alignment and uniformity of the reference", () => {
    expect(geometry.modalityGap).toBeCloseTo(values.modalityGap, 6);
    expect(geometry.alignment).toBeCloseTo(values.alignmentAlpha2, 6);
    expect(geometry.uniformity.image).toBeCloseTo(values.uniformityImageT2, 6);
    expect(geometry.uniformity.text).toBeCloseTo(values.uniformityTextT2, 6);
  });

  it("has the cosines of the reference", () => {
    expect(geometry.positiveCosine).toBeCloseTo(values.meanPositiveCosine, 6);
    expect(geometry.negativeCosine).toBeCloseTo(values.meanNegativeCosine, 6);
  });

  it("has the recalls of the reference", () => {
    const unitRows = (m: Matrix) => matrix(16, 5, Float32Array.from(unit(nested(m)).flat()));
    const relevance = relevanceOf(oneToOne(16), 16, 16);
    const ranks = mutualFirstHitRanks(unitRows(a), unitRows(b), relevance);
    expect(recallAtK(ranks.imageToText, 1)).toBe(values.i2tRecallAt1);
    expect(recallAtK(ranks.imageToText, 5)).toBe(values.i2tRecallAt5);
    expect(recallAtK(ranks.textToImage, 1)).toBe(values.t2iRecallAt1);
  });
});

describe("the geometry of a space", () => {
  // 40 images; the first 20 have two captions, and pair 3 is listed twice.
  const pairs = {
    image: Uint32Array.from([...range(40), ...range(20), 3]),
    text: Uint32Array.from([...range(60), 3]),
  };
  const isPair = (i: number, j: number) => j === i || (i < 20 && j === 40 + i);

  it("agrees with the formulas where items have several partners", () => {
    const [images, texts] = [noise(40, 6, 1), noise(60, 6, 2)];
    const geometry = spaceGeometry(images, texts, pairs);
    const [a, b] = [unit(nested(images)), unit(nested(texts))];
    const cosines = cosinesOracle(a, b, isPair);
    expect(geometry.pairs).toBe(61);
    expect(geometry.modalityGap).toBeCloseTo(modalityGapOracle(a, b), 6);
    expect(geometry.uniformity.image).toBeCloseTo(uniformityOracle(a), 5);
    expect(geometry.uniformity.text).toBeCloseTo(uniformityOracle(b), 5);
    expect(geometry.alignment).toBeCloseTo(cosines.alignment, 5);
    expect(geometry.positiveCosine).toBeCloseTo(cosines.positiveCosine, 6);
    expect(geometry.negativeCosine).toBeCloseTo(cosines.negativeCosine, 6);
    expect(geometry.separation).toBeCloseTo(cosines.separation, 5);
    expect(geometry.hubness.imageToText).toBeCloseTo(hubnessOracle(a, b), 9);
    expect(geometry.hubness.textToImage).toBeCloseTo(hubnessOracle(b, a), 9);
  });

  it("does not depend on the lengths of the rows, nor on rows without a pair", () => {
    const [images, texts] = [noise(41, 6, 1), noise(60, 6, 2)];
    const before = spaceGeometry(images, texts, pairs);
    for (let at = 0; at < 6 * 40; at++) images.data[at]! *= 4;
    images.data.fill(NaN, 6 * 40);
    expect(spaceGeometry(images, texts, pairs)).toEqual(before);
  });

  it("measures evenly spaced pairs of too many, the same ones every time", () => {
    const [images, texts] = [noise(60, 3, 1), noise(60, 3, 1)];
    const some = spaceGeometry(images, texts, oneToOne(60), { mostPairs: 20 });
    expect(some.pairs).toBe(20);
    const third = range(20).map((i) => 3 * i);
    expect(spaceGeometry(images, texts, { image: third, text: third })).toEqual(some);
  });

  it("shows a collapsed space: uniformity 0, one point, nothing to tell pairs by", () => {
    const flat = matrix(12, 3, new Float32Array(36).fill(0.7));
    const geometry = spaceGeometry(flat, flat, oneToOne(12));
    expect(geometry.modalityGap).toBeCloseTo(0, 12);
    expect(geometry.uniformity.image).toBeCloseTo(0, 6);
    expect(geometry.effectiveRank).toEqual({ image: 0, text: 0 });
    expect(geometry.separation).toBeNull();
  });

  it("leaves undefined what one pair does not define", () => {
    const geometry = spaceGeometry(noise(1, 3, 1), noise(1, 3, 2), oneToOne(1));
    expect(geometry.uniformity).toEqual({ image: null, text: null });
    expect(geometry.negativeCosine).toBeNull();
    expect(geometry.separation).toBeNull();
    expect(geometry.hubness).toEqual({ imageToText: null, textToImage: null });
  });

  it("refuses NaN, no pairs and different widths", () => {
    const bad = noise(4, 3, 1);
    bad.data[4] = NaN;
    const nonFinite = expect.objectContaining({ code: "data/non-finite" });
    expect(() => spaceGeometry(bad, noise(4, 3, 2), oneToOne(4))).toThrow(nonFinite);
    const tooFew = expect.objectContaining({ code: "data/too-few" });
    expect(() => spaceGeometry(noise(4, 3, 1), noise(4, 3, 2), oneToOne(0))).toThrow(tooFew);
    const shape = expect.objectContaining({ code: "data/shape" });
    expect(() => spaceGeometry(noise(4, 3, 1), noise(4, 2, 2), oneToOne(4))).toThrow(shape);
  });
});

describe("effective rank", () => {
  it("counts the directions of equal variance", () => {
    // ± each axis: a covariance of I / 3, whichever of the two Gram matrices is smaller.
    const axes = [1, -1].flatMap((s) =>
      [0, 1, 2].map((d) => [0, 1, 2].map((e) => (d === e ? s : 0))),
    );
    expect(effectiveRank(rows64(...axes))).toBeCloseTo(3, 12);
    const wide = axes.map((row) => [...row, 5, 5, 5, 5]);
    expect(effectiveRank(rows64(...wide))).toBeCloseTo(3, 12);
  });

  it("is exp of the entropy of the spectrum", () => {
    // Variances 4/5 and 1/5 of the whole.
    const rank = effectiveRank(rows64([2, 0], [-2, 0], [0, 1], [0, -1]));
    expect(rank).toBeCloseTo(Math.exp(-0.8 * Math.log(0.8) - 0.2 * Math.log(0.2)), 12);
  });

  it("is 1 on a line, and 0 at a point", () => {
    expect(effectiveRank(rows64([1, 1], [2, 2], [3, 3]))).toBeCloseTo(1, 12);
    expect(effectiveRank(rows64([1, 2], [1, 2]))).toBe(0);
  });
});

describe("skewness", () => {
  it("is 0 for symmetric counts and positive where one item is a hub", () => {
    expect(skewness(Float64Array.of(1, 2, 3))).toBeCloseTo(0, 12);
    // n ones and n·9 zeros: (1 − 2p) / √(p (1 − p)) at p = 0.1.
    const hub = Float64Array.from({ length: 10 }, (_, i) => Number(i === 0));
    expect(skewness(hub)).toBeCloseTo(0.8 / 0.3, 12);
    expect(skewness(Float64Array.of(4, 4, 4))).toBeNull();
  });
});
