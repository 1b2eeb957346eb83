import { expect, it } from "vitest";
import { bootstrapMeans, quantile } from "../../../src/core/metrics/bootstrap";

const coin = (n: number, ones: number) => Uint8Array.from({ length: n }, (_, i) => +(i < ones));

it("spans the binomial interval of a share", () => {
  const [estimate] = bootstrapMeans([coin(400, 120)], 1);
  const halfWidth = 1.96 * Math.sqrt((0.3 * 0.7) / 400);
  expect(estimate!.value).toBe(0.3);
  expect(Math.abs(estimate!.low - (0.3 - halfWidth))).toBeLessThan(0.008);
  expect(Math.abs(estimate!.high - (0.3 + halfWidth))).toBeLessThan(0.008);
});

it("is as wide as nothing when every query agrees", () => {
  expect(bootstrapMeans([coin(20, 20), coin(20, 0)], 2)).toEqual([
    { value: 1, low: 1, high: 1 },
    { value: 0, low: 0, high: 0 },
  ]);
});

it("gives one seed one interval, and resamples all columns alike", () => {
  const once = bootstrapMeans([coin(50, 20), coin(50, 20)], 3);
  expect(once[0]).toEqual(once[1]);
  expect(bootstrapMeans([coin(50, 20)], 3)[0]).toEqual(once[0]);
  const uneven = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i)); // no two means alike
  expect(bootstrapMeans([uneven], 4)).not.toEqual(bootstrapMeans([uneven], 5));
});

it("refuses no queries and columns of different lengths", () => {
  const tooFew = expect.objectContaining({ code: "data/too-few" });
  expect(() => bootstrapMeans([[]], 0)).toThrow(tooFew);
  const shape = expect.objectContaining({ code: "data/shape" });
  expect(() => bootstrapMeans([[1], [1, 2]], 0)).toThrow(shape);
  expect(() => bootstrapMeans([[1, 2]], 0, [1])).toThrow(shape);
});

it("interpolates quantiles", () => {
  expect(quantile([0, 10, 20], 0.25)).toBe(5);
  expect(quantile([0, 10, 20], 1)).toBe(20);
  expect(quantile([7], 0.5)).toBe(7);
});

it("gives the same interval whatever order the queries come in", () => {
  const hits = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1];
  const sooner = [0, 0, 1, 0, 1, 0, 0, 0, 1, 0];
  const turned = [hits.toReversed(), sooner.toReversed()];
  expect(bootstrapMeans(turned, 3)).toEqual(bootstrapMeans([hits, sooner], 3));
});

it("resamples whole clusters: five captions that succeed together are one observation", () => {
  const one = coin(80, 30);
  const five = Uint8Array.from({ length: 400 }, (_, i) => one[i % 80]!);
  const clusters = Uint32Array.from({ length: 400 }, (_, i) => i % 80);
  const [alone] = bootstrapMeans([one], 1);
  const [together] = bootstrapMeans([five], 1, clusters);
  expect(together).toEqual(alone);
});

it("weights clusters by their queries", () => {
  // Nine right answers in one cluster and a wrong one alone: 0.9, or 0, or 1.
  const [estimate] = bootstrapMeans([coin(10, 9)], 1, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(estimate).toEqual({ value: 0.9, low: 0, high: 1 });
});

it("gives clusters the same interval whatever order the queries come in", () => {
  const hits = [0, 1, 1, 0, 1, 0, 0, 1, 1, 1];
  const clusters = [7, 7, 2, 2, 5, 1, 1, 1, 5, 9];
  const turned = bootstrapMeans([hits.toReversed()], 3, clusters.toReversed());
  expect(turned).toEqual(bootstrapMeans([hits], 3, clusters));
});
