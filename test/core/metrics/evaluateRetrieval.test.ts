import { expect, it } from "vitest";
import type { PairTable } from "../../../src/core/domain/alignmentData";
import type { Split } from "../../../src/core/domain/dataset";
import { matrix, normalizeRows, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { chanceRetrieval, hitProbability } from "../../../src/core/metrics/chance";
import { emptyRetrieval, evaluateRetrieval } from "../../../src/core/metrics/evaluateRetrieval";
import { naiveRetrieval } from "../../support/naiveRetrieval";

const options = { ks: [1, 5, 10], seed: 3 };

function table(pairs: readonly (readonly [number, number, Split])[]): PairTable {
  return {
    length: pairs.length,
    image: Uint32Array.from(pairs, ([image]) => image),
    text: Uint32Array.from(pairs, ([, text]) => text),
    split: pairs.map(([, , split]) => split),
    component: Uint32Array.from(pairs, (_, p) => p),
  };
}

function noise(rows: number, seed: number): Matrix {
  const random = rng(seed);
  const data = Float32Array.from({ length: rows * 7 }, () => random() - 0.5);
  return normalizeRows(matrix(rows, 7, data));
}

/** 40 images of 25 captions in both splits; some images have two captions. */
const pairs = table(
  Array.from({ length: 50 }, (_, p) => {
    const image = (p * 7) % 40;
    return [image, (image * 3 + (p >= 40 ? 1 : 0)) % 25, image < 28 ? "test" : "train"] as const;
  }),
);

it("agrees with the naive evaluation of the split", () => {
  const [images, texts] = [noise(40, 1), noise(25, 2)];
  const kept = Array.from(pairs.image.keys()).filter((p) => pairs.split[p] === "test");
  const imageRows = [...new Set(kept.map((p) => pairs.image[p]!))];
  const textRows = [...new Set(kept.map((p) => pairs.text[p]!))];
  const pick = (m: Matrix, rows: number[]) =>
    matrix(
      rows.length,
      7,
      Float32Array.from(rows.flatMap((r) => [...m.data.slice(r * 7, r * 7 + 7)])),
    );
  const naive = naiveRetrieval(pick(images, imageRows), pick(texts, textRows), {
    ...pairs,
    length: kept.length,
    image: Uint32Array.from(kept, (p) => imageRows.indexOf(pairs.image[p]!)),
    text: Uint32Array.from(kept, (p) => textRows.indexOf(pairs.text[p]!)),
  });
  const result = evaluateRetrieval(images, texts, pairs, "test", options);
  for (const way of ["imageToText", "textToImage"] as const) {
    expect(result[way].gallery).toBe(naive[way].gallery);
    expect(result[way].queries).toBe(naive[way].queries);
    expect(result[way].meanRank).toBeCloseTo(naive[way].meanRank, 12);
    expect(result[way].meanReciprocalRank).toBeCloseTo(naive[way].meanReciprocalRank, 12);
    for (const k of ["1", "5", "10"]) {
      const { value, low, high } = result[way].recall[k]!;
      expect(value).toBe(naive[way].recall[k]!.value);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  }
});

it("never reads rows outside the split", () => {
  const [images, texts] = [noise(40, 1), noise(25, 2)];
  const before = evaluateRetrieval(images, texts, pairs, "test", options);
  images.data.fill(NaN, 28 * 7);
  expect(evaluateRetrieval(images, texts, pairs, "test", options)).toEqual(before);
});

it("scores a perfect space 1, with median rank 1", () => {
  const same = noise(6, 4);
  const own = table(Array.from({ length: 6 }, (_, i) => [i, i, "test"] as const));
  const { imageToText } = evaluateRetrieval(same, same, own, "test", options);
  expect(imageToText.recall["1"]).toEqual({ value: 1, low: 1, high: 1 });
  expect(imageToText.medianRank).toBe(1);
});

it("scores a collapsed space 0 at every k below the gallery", () => {
  const flat = matrix(12, 2, new Float32Array(24).fill(0.7));
  const own = table(Array.from({ length: 12 }, (_, i) => [i, i, "test"] as const));
  const { textToImage } = evaluateRetrieval(flat, flat, own, "test", options);
  expect(Object.values(textToImage.recall).map(({ value }) => value)).toEqual([0, 0, 0]);
  expect(textToImage.medianRank).toBe(12);
});

it("scores one pair 1, and refuses none", () => {
  const one = table([[0, 0, "validation"]]);
  const result = evaluateRetrieval(noise(1, 1), noise(1, 2), one, "validation", options);
  expect(result.imageToText.recall["1"]!.value).toBe(1);
  const tooFew = expect.objectContaining({ code: "data/too-few" });
  expect(() => evaluateRetrieval(noise(1, 1), noise(1, 2), one, "test", options)).toThrow(tooFew);
  expect(() => chanceRetrieval(one, "test", [1])).toThrow(tooFew);
});

it("has nothing to show for an empty split", () => {
  expect(emptyRetrieval([1]).imageToText).toEqual({
    gallery: 0,
    queries: 0,
    medianRank: 0,
    meanRank: 0,
    meanReciprocalRank: 0,
    recall: { "1": { value: 0, low: 0, high: 0 } },
  });
});

it("knows the chance of a hit: 1 - C(G - m, k) / C(G, k)", () => {
  expect(hitProbability(4, 1, 1)).toBeCloseTo(1 / 4, 15);
  expect(hitProbability(5, 2, 2)).toBeCloseTo(1 - 3 / 10, 15); // C(3, 2) / C(5, 2)
  expect(hitProbability(5, 2, 4)).toBe(1);
  expect(hitProbability(1_000, 5, 10)).toBeCloseTo(0.0491, 4);
  expect(hitProbability(3, 1, 50)).toBe(1);
});

it("finds by chance what random rankings find on average", () => {
  const random = rng(9);
  const chance = chanceRetrieval(pairs, "test", [1, 5]);
  const repeats = 100;
  const seen = { "1": 0, "5": 0, median: [] as number[] };
  for (let r = 0; r < repeats; r++) {
    const [images, texts] = [noise(40, 1e6 * random()), noise(25, 1e6 * random())];
    const { imageToText } = evaluateRetrieval(images, texts, pairs, "test", {
      ks: [1, 5],
      seed: 0,
    });
    seen["1"] += imageToText.recall["1"]!.value / repeats;
    seen["5"] += imageToText.recall["5"]!.value / repeats;
    seen.median.push(imageToText.medianRank);
  }
  const { recall, medianRank } = chance.imageToText;
  expect(Math.abs(seen["1"] - recall["1"]!.value)).toBeLessThan(0.012);
  expect(Math.abs(seen["5"] - recall["5"]!.value)).toBeLessThan(0.025);
  const middle = seen.median.sort((a, b) => a - b)[repeats / 2]!;
  expect(Math.abs(middle - medianRank)).toBeLessThanOrEqual(1);
  expect(recall["1"]).toEqual({
    value: recall["1"]!.value,
    low: recall["1"]!.value,
    high: recall["1"]!.value,
  });
});

it("puts the chance median of one right answer among 9 at rank 5, of 8 at rank 4", () => {
  const single = (n: number) => table(Array.from({ length: n }, (_, i) => [i, i, "test"] as const));
  expect(chanceRetrieval(single(9), "test", [1]).textToImage.medianRank).toBe(5);
  expect(chanceRetrieval(single(8), "test", [1]).textToImage.medianRank).toBe(4);
});

/** Rank (1 = best) of the first of the lowest-numbered `relevant` items in every order of n items. */
function ranksInEveryOrder(n: number, relevant: number): number[] {
  const ranks: number[] = [];
  const visit = (order: number[]) => {
    if (order.length === n) ranks.push(order.findIndex((item) => item < relevant) + 1);
    for (let item = 0; item < n; item++) if (!order.includes(item)) visit([...order, item]);
  };
  visit([]);
  return ranks;
}

it.each([
  [5, 1],
  [6, 2],
  [6, 5],
  [4, 4],
])("knows the chance rank and its reciprocal: every order of %i items, %i right", (n, relevant) => {
  const ranks = ranksInEveryOrder(n, relevant);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const one = table([
    ...Array.from({ length: relevant }, (_, t) => [0, t, "test"] as const),
    ...Array.from({ length: n - relevant }, (_, t) => [1, relevant + t, "test"] as const),
    // Image 1 has all texts: every text needs a partner.
    ...Array.from({ length: relevant }, (_, t) => [1, t, "test"] as const),
  ]);
  const { meanRank, meanReciprocalRank } = chanceRetrieval(one, "test", [1]).imageToText;
  // Half of the queries are image 1, which is right first time.
  expect(meanRank).toBeCloseTo((mean(ranks) + 1) / 2, 12);
  expect(meanReciprocalRank).toBeCloseTo((mean(ranks.map((r) => 1 / r)) + 1) / 2, 12);
});

it("has a wider interval where several captions of one image are found together", () => {
  // 30 images, 5 equal captions each: 30 observations, not 150.
  const images = noise(30, 1);
  const texts = matrix(
    150,
    7,
    Float32Array.from({ length: 150 * 7 }, (_, at) => images.data[at % 210]!),
  );
  for (let i = 0; i < 150; i++) if (i % 30 < 12) texts.data.set(images.data.subarray(0, 7), i * 7);
  const own = table(Array.from({ length: 150 }, (_, t) => [t % 30, t, "test"] as const));
  const joined = { ...own, component: own.image };
  const width = (pairs: PairTable) => {
    const { textToImage } = evaluateRetrieval(images, texts, pairs, "test", options);
    const { low, high } = textToImage.recall["1"]!;
    return high - low;
  };
  const ratio = width(joined) / width(own);
  expect(ratio).toBeGreaterThan(1.8);
  expect(ratio).toBeLessThan(2.7);
});
