import { expect, it } from "vitest";
import { centredFrames, hann, visitMel } from "../../../src/core/audio/melFrames";

it("windows periodically: two that overlap by half add up to 1", () => {
  const window = hann(8);
  expect(window[0]).toBe(0);
  for (let i = 0; i < 4; i++) expect(window[i]! + window[i + 4]!).toBeCloseTo(1, 12);
});

it("mirrors a signal at its ends without saying its first and last sample twice", () => {
  const read = centredFrames([1, 2, 3, 4, 5], 2);
  const frame = new Float64Array(4);
  const frames = [0, 1, 2].map((t) => {
    read(t, frame);
    return [...frame];
  });
  expect(frames).toEqual([
    [3, 2, 1, 2],
    [1, 2, 3, 4],
    [3, 4, 5, 4],
  ]);
});

it("visits every band of every frame in order, silent ones with no power at all", () => {
  const visits: [number, number, number][] = [];
  const filters = [
    { first: 0, weights: Float64Array.of(1) },
    { first: 1, weights: Float64Array.of(1, 0.5) },
  ];
  const read = (t: number, frame: Float64Array) => frame.fill(t);
  const window = new Float64Array(4).fill(1);
  visitMel({ frames: 2, window, size: 4, filters, read }, (...visit) => visits.push(visit));
  expect(visits).toEqual([
    [0, 0, 0],
    [0, 1, 0],
    [1, 0, 16], // (1 + 1 + 1 + 1)^2
    [1, 1, 0],
  ]);
});
