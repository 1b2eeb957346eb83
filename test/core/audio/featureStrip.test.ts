import { expect, it } from "vitest";
import { featureStrip } from "../../../src/core/audio/featureStrip";

it("is the same picture whatever the order of the axes", () => {
  const bandsFirst = featureStrip({ data: Float32Array.of(1, 2, 3, 4, 5, 6), dims: [2, 3] }, [
    "bands",
    "time",
  ]);
  const timeFirst = featureStrip({ data: Float32Array.of(1, 4, 2, 5, 3, 6), dims: [1, 3, 2] }, [
    "one",
    "time",
    "bands",
  ]);
  expect(bandsFirst).toEqual(timeFirst);
  expect(bandsFirst).toMatchObject({ rows: 2, cols: 3, lowest: 1, highest: 6 });
  expect([...bandsFirst.values].map((x) => Number(x.toFixed(1)))).toEqual([
    0, 0.2, 0.4, 0.6, 0.8, 1,
  ]);
});

it("averages what is longer than it has columns", () => {
  const data = Float32Array.from({ length: 480 }, (_, t) => (t < 240 ? 0 : 2));
  const { cols, values } = featureStrip({ data, dims: [1, 480] }, ["bands", "time"]);
  expect(cols).toBe(240);
  expect([values[0], values[239]]).toEqual([0, 1]);
});

it("shows the loudest of each stretch of samples", () => {
  const { rows, values, lowest, highest } = featureStrip(
    { data: Float32Array.of(0, -0.5, 0.25, 0), dims: [4] },
    ["time"],
  );
  expect([rows, [...values], lowest, highest]).toEqual([1, [0, 1, 0.5, 0], -0.5, 0.25]);
});

it("is empty where nothing differs", () => {
  const { values } = featureStrip({ data: new Float32Array(6).fill(3), dims: [2, 3] }, [
    "bands",
    "time",
  ]);
  expect([...values]).toEqual([0, 0, 0, 0, 0, 0]);
});
