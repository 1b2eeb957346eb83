import { UMAP } from "umap-js";
import { expect, it } from "vitest";
import { matrix, row, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { layOut } from "../../../src/engine/map/layOut";
import { neighbourGraph } from "../../../src/engine/map/umap";
import { kept, naiveNearest } from "./neighbourOracle";

const silent = { report: () => {} };

/** `groups` clouds of `each` points in `cols` dimensions. */
function clouds(groups: number, each: number, cols: number, seed = 1): Matrix {
  const random = rng(seed);
  const centres = Array.from({ length: groups * cols }, () => random() * 6);
  const data = Float32Array.from(
    { length: groups * each * cols },
    (_, i) => centres[Math.floor(i / cols / each) * cols + (i % cols)]! + random() + random(),
  );
  return matrix(groups * each, cols, data);
}

const startOf = (points: Matrix) =>
  Float32Array.from(
    { length: points.rows * 2 },
    (_, i) => points.data[(i >> 1) * points.cols + (i % 2)]!,
  );

const request = (points: Matrix, seed = 0) => ({
  data: points.data,
  width: points.cols,
  start: startOf(points),
  seed,
});

it("keeps neighbours as well as umap-js does", async () => {
  const points = clouds(5, 24, 8);
  const { places } = await layOut(request(points), silent);
  const peer = new UMAP({ random: rng(3), nNeighbors: 15, nEpochs: 200 });
  const theirs = peer.fit(Array.from({ length: points.rows }, (_, i) => [...row(points, i)]));
  const near = naiveNearest(points, 8);
  const ours = kept(near, naiveNearest(matrix(points.rows, 2, places), 8));
  const others = kept(
    near,
    naiveNearest(matrix(points.rows, 2, Float32Array.from(theirs.flat())), 8),
  );
  expect(ours).toBeGreaterThan(others - 0.03);
  expect(ours).toBeGreaterThan(0.3); // by chance 8 of 119: 0.07
});

it("puts each cloud in one place, apart from the others", async () => {
  const points = clouds(4, 40, 8);
  const { places } = await layOut(request(points), silent);
  const [first = []] = naiveNearest(matrix(points.rows, 2, places), 30);
  expect(first.every((i) => i < 40)).toBe(true);
});

it("is the same for the same seed and another for another", async () => {
  const points = clouds(3, 20, 5);
  const once = await layOut(request(points, 7), silent);
  const again = await layOut(request(points, 7), silent);
  const other = await layOut(request(points, 8), silent);
  expect(again.places).toEqual(once.places);
  expect(other.places).not.toEqual(once.places);
});

it("sums the memberships of a point to log2 of its neighbours and itself", () => {
  // Three points on a line and a far one: the middle's two neighbours are equally near.
  const graph = neighbourGraph({
    k: 2,
    indices: Int32Array.of(1, 2, 0, 2, 1, 0, 2, 1),
    distances: Float32Array.of(1, 2, 1, 1, 1, 2, 7, 8),
  });
  const weightOf = (i: number, j: number) =>
    [...graph.heads.keys()]
      .filter((e) => graph.heads[e] === i && graph.tails[e] === j)
      .map((e) => graph.weights[e]!);
  expect(weightOf(0, 1)).toEqual([1]); // nearest of each other
  expect(weightOf(1, 0)).toEqual([1]);
  // From 0 and from 2 the far end is a member by log2(3) − 1 each; the union of both.
  const one = Math.log2(3) - 1;
  expect(weightOf(0, 2)[0]).toBeCloseTo(one + one - one * one, 4);
  expect(weightOf(3, 2)).toEqual([1]); // nearest of the far point, though not the other way round
});

it.each([0, 1, 2, 4])("leaves %i points where they start", async (n) => {
  const start = Float32Array.from({ length: n * 2 }, (_, i) => i);
  const data = Float32Array.from({ length: n * 3 }, (_, i) => i * i);
  const { places, sampled } = await layOut({ data, width: 3, start, seed: 0 }, silent);
  expect(places).toEqual(start);
  expect(sampled).toBe(n);
});

it("gives equal points one place", async () => {
  const { data, cols } = clouds(2, 12, 4);
  const twice = matrix(48, cols, Float32Array.of(...data, ...data));
  const { places } = await layOut(request(twice), silent);
  expect(places.slice(48)).toEqual(places.slice(0, 48));
  const same = await layOut(
    { data: new Float32Array(60), width: 2, start: new Float32Array(60), seed: 0 },
    silent,
  );
  expect(same.places.every((value) => value === 0)).toBe(true);
});

it("stands points beyond the sample among their own kind", async () => {
  const points = clouds(4, 50, 8);
  const { places, sampled } = await layOut(request(points), { ...silent, largestSample: 100 });
  expect(sampled).toBe(100);
  const near = naiveNearest(matrix(points.rows, 2, places), 8);
  const strangers = near.flatMap((list, i) =>
    list.filter((j) => Math.floor(j / 50) !== Math.floor(i / 50)),
  );
  expect(strangers.length / (200 * 8)).toBeLessThan(0.02);
});

it("refuses NaN and a start that does not fit", async () => {
  const points = clouds(2, 10, 4);
  const poisoned = points.data.slice();
  poisoned[5] = NaN;
  await expect(layOut({ ...request(points), data: poisoned }, silent)).rejects.toMatchObject({
    code: "data/non-finite",
  });
  await expect(layOut({ ...request(points), width: 3 }, silent)).rejects.toMatchObject({
    code: "data/shape",
  });
});

it("reports whole stages and stops when told", async () => {
  const points = clouds(3, 30, 5);
  const reports: { stage: string; done: number; total: number; places?: unknown }[] = [];
  await layOut(request(points), { report: (progress) => reports.push(progress) });
  for (const stage of ["neighbours", "lay-out"]) {
    const own = reports.filter((report) => report.stage === stage);
    expect(own.at(-1)?.done).toBe(own[0]?.total);
    expect(own.every(({ done }, i) => i === 0 || done >= own[i - 1]!.done)).toBe(true);
  }
  const stop = new AbortController();
  const stopped = layOut(request(points), {
    signal: stop.signal,
    report: ({ stage }) => stage === "lay-out" && stop.abort(),
  });
  await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
});
