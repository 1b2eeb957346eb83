import { expect, it } from "vitest";
import { matrix, takeRows } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import {
  indexPoints,
  nearestOfQueries,
  nearestPoints,
  type NearestPoints,
} from "../../../src/engine/map/neighbours";
import { kept, naiveNearest } from "./neighbourOracle";

const cloud = (rows: number, cols: number, seed = 1) => {
  const random = rng(seed);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => random() ** 2),
  );
};

const listsOf = ({ indices, k }: NearestPoints) =>
  Array.from({ length: indices.length / k }, (_, i) => [...indices.subarray(i * k, (i + 1) * k)]);

it("is exact for a thousand points", async () => {
  const points = cloud(300, 7);
  const found = await nearestPoints(indexPoints(points, 0), { k: 6 });
  expect(listsOf(found)).toEqual(naiveNearest(points, 6));
  const [a, b] = [0, found.indices[0]!];
  const squared = [...Array(7).keys()].map(
    (d) => (points.data[a + d]! - points.data[b * 7 + d]!) ** 2,
  );
  expect(found.distances[0]).toBeCloseTo(Math.sqrt(squared.reduce((sum, x) => sum + x)), 5);
});

it("finds nearly all neighbours of more", async () => {
  const points = cloud(1_200, 12);
  const found = await nearestPoints(indexPoints(points, 0), { k: 10 });
  expect(kept(naiveNearest(points, 10), listsOf(found))).toBeGreaterThan(0.95);
});

it("finds the nearest of points that are not in the index", async () => {
  const points = cloud(600, 6);
  const known = takeRows(
    points,
    Array.from({ length: 500 }, (_, i) => i),
  );
  const queries = takeRows(
    points,
    Array.from({ length: 100 }, (_, i) => 500 + i),
  );
  const found = await nearestOfQueries(indexPoints(known, 0), queries, { k: 3 });
  const all = naiveNearest(points, 599);
  const right = listsOf(found).map((list, q) =>
    expect(list).toEqual(all[500 + q]!.filter((j) => j < 500).slice(0, 3)),
  );
  expect(right).toHaveLength(100);
});

it("marks neighbours that do not exist and survives equal points", async () => {
  const two = await nearestPoints(indexPoints(matrix(2, 1, Float32Array.of(0, 3)), 0), { k: 3 });
  expect([...two.indices]).toEqual([1, -1, -1, 0, -1, -1]);
  expect(two.distances[0]).toBe(3);
  const equal = await nearestPoints(indexPoints(matrix(1_100, 2), 0), { k: 2 });
  expect(equal.distances.every((distance) => distance === 0)).toBe(true);
});

it("refuses NaN", async () => {
  const points = cloud(20, 3);
  points.data[7] = NaN;
  await expect(nearestPoints(indexPoints(points, 0), { k: 2 })).rejects.toMatchObject({
    code: "data/non-finite",
  });
});
