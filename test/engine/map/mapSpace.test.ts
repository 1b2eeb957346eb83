import { describe, expect, it } from "vitest";
import type { Pair, Split } from "../../../src/core/domain/dataset";
import { matrix, row, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { principalComponents, reduceRows } from "../../../src/engine/map/components";
import { mapScores, SpaceMapper, type MapSpace } from "../../../src/engine/map/mapSpace";

const random = (rows: number, cols: number, seed: number, offset = 0): Matrix => {
  const next = rng(seed);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, (_, i) => next() * ((i % cols) + 1) + offset),
  );
};

function spaceOf(image: Matrix, text: Matrix, split: Split = "test"): MapSpace {
  const items = (m: Matrix) => ({ items: Uint32Array.from({ length: m.rows }, (_, i) => i) });
  const splits = (m: Matrix) => Array.from({ length: m.rows }, () => split);
  return {
    step: 7,
    gallery: {
      galleries: { image: items(image), text: items(text) },
      splits: { image: splits(image), text: splits(text) },
    },
    vectors: (modality) => (modality === "image" ? image : text),
  };
}

const pair = (image: number, text: number, split: Split = "test"): Pair => ({
  ...{ image, text, split, group: `${image}`, row: `${image}` },
});

const coordinate = (m: Matrix, d: number) =>
  Array.from({ length: m.rows }, (_, i) => row(m, i)[d]!);
const variance = (values: readonly number[]) => {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
};

describe("principal components", () => {
  it.each([
    ["more items than dimensions", 30, 20, 6],
    ["more dimensions than items", 4, 5, 12],
  ])("turn the cloud without bending it: %s", async (_, images, texts, cols) => {
    const sides = { image: random(images, cols, 1), text: random(texts, cols, 2) };
    const components = principalComponents(sides, { isCentred: false, width: 50 });
    const reduced = await reduceRows(sides, components, { width: components.axes.rows });
    const all = matrix(
      images + texts,
      cols,
      Float32Array.of(...sides.image.data, ...sides.text.data),
    );
    const distance = (m: Matrix, i: number, j: number) =>
      Math.hypot(...row(m, i).map((value, d) => value - row(m, j)[d]!));
    for (const [i, j] of [
      [0, 1],
      [2, images],
      [images + 1, images + 3],
    ] as const) {
      expect(distance(reduced, i, j)).toBeCloseTo(distance(all, i, j), 4);
    }
    const variances = Array.from({ length: reduced.cols }, (_, d) =>
      variance(coordinate(reduced, d)),
    );
    const total = variances.reduce((sum, v) => sum + v, 0);
    variances.forEach((v, d) => {
      expect(v / total).toBeCloseTo(components.shares[d]!, 5);
      if (d > 0) expect(v).toBeLessThanOrEqual(variances[d - 1]! + 1e-6);
    });
  });

  it("show the gap between the sides, and without it when sides are centred", async () => {
    const image = random(40, 5, 3, 10);
    const text = random(40, 5, 4, -10);
    const at = async (isCentred: boolean) => {
      const components = principalComponents({ image, text }, { isCentred, width: 2 });
      const x = coordinate(await reduceRows({ image, text }, components, { width: 2 }), 0);
      return Math.abs(mean(x.slice(0, 40)) - mean(x.slice(40))) / Math.sqrt(variance(x) / 80);
    };
    expect(await at(false)).toBeGreaterThan(1.9);
    expect(await at(true)).toBeLessThan(0.3);
  });

  it("point the same way whatever the order of the items", () => {
    const image = random(25, 4, 5);
    const back = matrix(
      25,
      4,
      Float32Array.from({ length: 100 }, (_, i) => image.data[(24 - (i >> 2)) * 4 + (i % 4)]!),
    );
    const text = random(0, 4, 1);
    const one = principalComponents({ image, text }, { isCentred: false, width: 2 });
    const other = principalComponents({ image: back, text }, { isCentred: false, width: 2 });
    one.axes.data.forEach((value, i) => expect(other.axes.data[i]).toBeCloseTo(value, 9));
  });

  it.each([0, 1, 2])("place %i items", async (n) => {
    for (const isCentred of [false, true]) {
      const space = spaceOf(random(n, 3, 6), matrix(0, 0));
      const { places, explained } = await new SpaceMapper().places(space, isCentred);
      expect(places).toHaveLength(2 * n);
      expect([...places, ...explained].every(Number.isFinite)).toBe(true);
    }
  });

  it("put equal items in the middle and refuse NaN", async () => {
    const equal = matrix(5, 3, new Float32Array(15).fill(0.5));
    const { places } = await new SpaceMapper().places(spaceOf(equal, equal), false);
    expect(places.every((value) => Math.abs(value) < 1e-6)).toBe(true);
    const poisoned = random(5, 3, 7);
    poisoned.data[4] = NaN;
    await expect(new SpaceMapper().places(spaceOf(poisoned, equal), true)).rejects.toMatchObject({
      code: "data/non-finite",
    });
  });
});

describe("scores", () => {
  const image = matrix(3, 2, Float32Array.of(1, 0, 0, 1, 0.8, 0.6));
  const text = matrix(3, 2, Float32Array.of(0.6, 0.8, 0, 1, 1, 0));

  it("rank the true partner within the split, 1 the best, 0 without one", async () => {
    const { ranks } = await mapScores(spaceOf(image, text), [pair(0, 0), pair(1, 1)], {});
    // Image 0 is nearer to text 0 (0.6) than to text 1 (0); text 0 nearer to image 1 (0.8).
    expect([...ranks]).toEqual([1, 1, 0, 2, 1, 0]);
  });

  it("leave out what was trained on and what is excluded", async () => {
    const trained = await mapScores(spaceOf(image, text, "train"), [pair(0, 0, "train")], {});
    expect([...trained.ranks]).toEqual([0, 0, 0, 0, 0, 0]);
    const out = { ...pair(0, 0), excluded: "blurred" };
    const excluded = await mapScores(spaceOf(image, text), [out], {});
    expect(excluded.cosines.every(Number.isNaN)).toBe(true);
  });

  it("take the lowest cosine of several partners, of vectors of any length", async () => {
    const long = matrix(
      3,
      2,
      image.data.map((value) => value * 4),
    );
    const { cosines } = await mapScores(
      spaceOf(long, text),
      [pair(0, 0), pair(0, 1), pair(2, 2)],
      {},
    );
    expect(cosines[0]).toBeCloseTo(0, 6);
    expect(cosines[2]).toBeCloseTo(0.8, 6);
    expect(cosines[3]).toBeCloseTo(0.6, 6);
    expect(cosines[1]).toBeNaN();
  });
});

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
