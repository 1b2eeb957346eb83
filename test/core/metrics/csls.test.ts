import { describe, expect, it } from "vitest";
import { matrix, normalizeRows, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { cslsRanks, meanNearestScores } from "../../../src/core/metrics/csls";
import { relevanceOf } from "../../../src/core/metrics/relevance";
import { mutualFirstHitRanks } from "../../../src/core/metrics/retrieval";
import { cslsRanksOracle } from "../../oracles/geometry";

const nested = ({ data, rows, cols }: Matrix) =>
  Array.from({ length: rows }, (_, i) => [...data.subarray(i * cols, (i + 1) * cols)]);
const rows = (...values: number[][]): Matrix =>
  matrix(values.length, values[0]!.length, Float32Array.from(values.flat()));
const oneToOne = (n: number) => {
  const column = Uint32Array.from({ length: n }, (_, i) => i);
  return relevanceOf({ image: column, text: column }, n, n);
};

/** Texts near their images, all of them pulled towards one direction. */
function hubby(n: number, width: number): { images: Matrix; texts: Matrix } {
  const random = rng(5);
  const data = Float32Array.from({ length: n * width }, () => random() - 0.5);
  const moved = data.map(
    (value, at) => value + 0.4 * (random() - 0.5) + (at % width === 0 ? 1 : 0),
  );
  return {
    images: normalizeRows(matrix(n, width, data)),
    texts: normalizeRows(matrix(n, width, moved)),
  };
}

describe("CSLS", () => {
  it("agrees with the formula both ways", () => {
    const { images, texts } = hubby(60, 5);
    const ranks = cslsRanks(images, texts, oneToOne(60));
    const isPair = (i: number, j: number) => i === j;
    const [a, b] = [nested(images), nested(texts)];
    expect([...ranks.imageToText]).toEqual(cslsRanksOracle(a, b, isPair));
    expect([...ranks.textToImage]).toEqual(cslsRanksOracle(b, a, isPair));
  });

  it("takes the mean over 10 neighbours across blocks of the gallery", () => {
    const { images, texts } = hubby(1_100, 3);
    const { image, text } = meanNearestScores(images, texts, 10);
    const slow = (x: number[], others: number[][]) => {
      const scores = others.map((y) => x[0]! * y[0]! + x[1]! * y[1]! + x[2]! * y[2]!);
      return (
        scores
          .sort((p, q) => q - p)
          .slice(0, 10)
          .reduce((sum, s) => sum + s, 0) / 10
      );
    };
    const [a, b] = [nested(images), nested(texts)];
    for (const i of [0, 500, 1_099]) {
      expect(image[i]).toBeCloseTo(slow(a[i]!, b), 9);
      expect(text[i]).toBeCloseTo(slow(b[i]!, a), 9);
    }
  });

  it("takes a hub's advantage away", () => {
    // Text 0 is each image's best match by a little, though it belongs to image 0 alone.
    const images = rows([1, 0.1, 0, 0], [1, 0, 0.1, 0], [1, 0, 0, 0.1]);
    const texts = rows([1, 0.3, 0.3, 0.3], [0.95, 0, 0.5, 0], [0.95, 0, 0, 0.5]);
    const relevance = oneToOne(3);
    expect([...mutualFirstHitRanks(images, texts, relevance).imageToText]).toEqual([0, 1, 1]);
    expect([...cslsRanks(images, texts, relevance).imageToText]).toEqual([0, 0, 0]);
  });

  it("ranks a collapsed space last, and one pair first", () => {
    const flat = normalizeRows(matrix(15, 3, new Float32Array(45).fill(0.7)));
    expect(new Set(cslsRanks(flat, flat, oneToOne(15)).imageToText)).toEqual(new Set([14]));
    const one = rows([1, 0]);
    expect([...cslsRanks(one, one, oneToOne(1)).textToImage]).toEqual([0]);
  });

  it("refuses NaN", () => {
    const bad = rows([1, NaN], [0, 1]);
    const nonFinite = expect.objectContaining({ code: "data/non-finite" });
    expect(() => cslsRanks(bad, rows([1, 0], [0, 1]), oneToOne(2))).toThrow(nonFinite);
  });
});
