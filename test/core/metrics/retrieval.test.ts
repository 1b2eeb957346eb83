import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import { relevanceFrom, relevanceOf } from "../../../src/core/metrics/relevance";
import {
  firstHitRanks,
  meanReciprocalRank,
  medianRank,
  mutualFirstHitRanks,
  recallAtK,
} from "../../../src/core/metrics/retrieval";
import { firstHitRanksOracle } from "../../oracles/firstHitRanks";
import { golden, goldenSides } from "../../support/goldenData";

const rows = (...values: number[][]): Matrix =>
  matrix(values.length, values[0]!.length, Float32Array.from(values.flat()));
const oneToOne = (n: number) => relevanceFrom([...Array(n).keys()], [...Array(n).keys()], n);
const ranks = (...values: number[]) => Uint32Array.from(values);
const unit = rows([1, 0], [0, 1], [0.6, 0.8]);

describe("ranks of the first hit", () => {
  it("counts the irrelevant items that score higher", () => {
    const relevance = relevanceFrom([0, 1], [1, 2], 2);
    expect(firstHitRanks(rows([1, 0], [0, 1]), unit, relevance)).toEqual(ranks(2, 1));
  });

  it("takes the best of several relevant items", () => {
    const relevance = relevanceFrom([0, 0], [1, 2], 1);
    expect(firstHitRanks(rows([1, 0]), unit, relevance)).toEqual(ranks(1));
  });

  it("ranks a collapsed projector last", () => {
    const same = matrix(5, 3, new Float32Array(15).fill(0.3));
    expect(firstHitRanks(same, same, oneToOne(5))).toEqual(ranks(4, 4, 4, 4, 4));
  });

  it("lets relevant items tie with each other for nothing", () => {
    const same = rows([1, 0], [1, 0], [0, 1]);
    const relevance = relevanceFrom([0, 0, 0], [0, 1, 1], 1);
    expect(firstHitRanks(rows([1, 0]), same, relevance)).toEqual(ranks(0));
  });

  it("sees equal rows as ties across blocks of the gallery", () => {
    // 1,100 items and 130 queries span two blocks each way; 301 dimensions span two depths.
    const [items, queries, width] = [1_100, 130, 301];
    const pattern = (n: number, f: number) =>
      matrix(
        n,
        width,
        Float32Array.from({ length: n * width }, (_, i) => Math.sin((i % width) * f)),
      );
    const relevance = relevanceFrom([...Array(queries).keys()], Array(queries).fill(7), queries);
    const found = firstHitRanks(pattern(queries, 0.7), pattern(items, 1.3), relevance);
    expect(new Set(found)).toEqual(new Set([items - 1]));
  });

  it("agrees with the definition on any scores, ties included, both ways at once", () => {
    const value = fc.integer({ min: -2, max: 2 });
    const cases = fc
      .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
      .chain(([images, texts]) =>
        fc.record({
          images: fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), {
            minLength: images,
            maxLength: images,
          }),
          texts: fc.array(fc.array(value, { minLength: 3, maxLength: 3 }), {
            minLength: texts,
            maxLength: texts,
          }),
          extra: fc.array(fc.tuple(fc.nat({ max: images - 1 }), fc.nat({ max: texts - 1 })), {
            maxLength: 6,
          }),
        }),
      );
    fc.assert(
      fc.property(cases, ({ images, texts, extra }) => {
        // Every item gets a partner, then some get more.
        const pairs = [
          ...images.map((_, i) => [i, i % texts.length] as const),
          ...texts.map((_, c) => [c % images.length, c] as const),
          ...extra,
        ];
        const columns = { image: pairs.map(([i]) => i), text: pairs.map(([, c]) => c) };
        const relevance = relevanceOf(
          { image: Uint32Array.from(columns.image), text: Uint32Array.from(columns.text) },
          images.length,
          texts.length,
        );
        const textsOf = images.map((_, i) => pairs.filter((p) => p[0] === i).map((p) => p[1]));
        const imagesOf = texts.map((_, c) => pairs.filter((p) => p[1] === c).map((p) => p[0]));
        const forth = ranks(...firstHitRanksOracle(images, texts, textsOf));
        const back = ranks(...firstHitRanksOracle(texts, images, imagesOf));
        const [i, t] = [rows(...images), rows(...texts)];
        expect(firstHitRanks(i, t, relevance.imageToText)).toEqual(forth);
        expect(mutualFirstHitRanks(i, t, relevance)).toEqual({
          imageToText: forth,
          textToImage: back,
        });
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  it("refuses NaN instead of scoring it 100 %", () => {
    const bad = rows([1, 0], [NaN, 1], [0.6, 0.8]);
    const code = expect.objectContaining({ code: "data/non-finite", detail: "query 1" });
    expect(() => firstHitRanks(bad, unit, oneToOne(3))).toThrow(code);
    const there = expect.objectContaining({ code: "data/non-finite", detail: "gallery item 1" });
    expect(() => firstHitRanks(unit, bad, oneToOne(3))).toThrow(there);
  });

  it("refuses a query without a right answer, and sides that do not fit", () => {
    expect(() => firstHitRanks(unit, unit, relevanceFrom([0, 2], [0, 1], 3))).toThrow(
      expect.objectContaining({ code: "data/no-match", detail: "query 1" }),
    );
    const shape = expect.objectContaining({ code: "data/shape" });
    expect(() => firstHitRanks(unit, rows([1, 2, 3]), oneToOne(3))).toThrow(shape);
    expect(() => firstHitRanks(unit, unit, oneToOne(2))).toThrow(shape);
  });

  it("gives the golden recalls of both directions", () => {
    const { x, y } = goldenSides();
    const a = matrix(16, 5);
    const b = matrix(16, 5);
    for (let i = 0; i < 16; i++) {
      const [u, v] = [x.data.subarray(i * 6, i * 6 + 5), y.data.subarray(i * 5, i * 5 + 5)];
      a.data.set(
        u.map((value) => value / Math.hypot(...u)),
        i * 5,
      );
      b.data.set(
        v.map((value) => value / Math.hypot(...v)),
        i * 5,
      );
    }
    const forth = firstHitRanks(a, b, oneToOne(16));
    expect(recallAtK(forth, 1)).toBe(golden.values.i2tRecallAt1);
    expect(recallAtK(forth, 5)).toBe(golden.values.i2tRecallAt5);
    expect(recallAtK(firstHitRanks(b, a, oneToOne(16)), 1)).toBe(golden.values.t2iRecallAt1);
  });
});

describe("summaries of ranks", () => {
  it("counts hits among the first k", () => {
    expect(recallAtK(ranks(0, 4, 5, 9), 5)).toBe(0.5);
    expect(recallAtK(ranks(0), 1)).toBe(1);
  });

  it("counts the median from 1, between the middle two of an even number", () => {
    expect(medianRank(ranks(9, 0, 4))).toBe(5);
    expect(medianRank(ranks(0, 3))).toBe(2.5);
    expect(medianRank(ranks(10, 2, 1, 9))).toBe(6.5);
  });

  it("averages reciprocal ranks", () => {
    expect(meanReciprocalRank(ranks(0, 1, 3))).toBeCloseTo((1 + 1 / 2 + 1 / 4) / 3, 15);
  });
});
