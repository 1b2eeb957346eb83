import { expect, it } from "vitest";
import { captionWithouts, predictionCosines } from "../../../src/core/metrics/wordDrops";

const predictions = {
  width: 2,
  rows: Float32Array.of(1, 0, 0, 1),
  mean: Float32Array.of(0, 0, 0),
  basis: Float32Array.of(1, 0, 0, 0, 1, 0),
};

it("leaves out each word once, and has nothing to leave out of one", () => {
  expect(captionWithouts("  a red  cat ", 9)).toEqual({
    words: ["a", "red", "cat"],
    withouts: ["red cat", "a cat", "a red"],
  });
  expect(captionWithouts("cat", 9).withouts).toEqual([]);
  expect(captionWithouts(" ", 9)).toEqual({ words: [], withouts: [] });
  expect(captionWithouts("a b c d", 2).words).toEqual(["a", "b"]);
});

it("compares texts of any length with the prediction of their line, in its subspace", () => {
  const vectors = Float32Array.of(3, 0, 0, 1, 1, 0, 0, 0, 5);
  const close = (values: Float64Array | null) => Array.from(values ?? [], (v) => v.toFixed(4));
  expect(close(predictionCosines(predictions, 0, vectors))).toEqual(["1.0000", "0.7071", "0.0000"]);
  expect(close(predictionCosines(predictions, 1, vectors))).toEqual(["0.0000", "0.7071", "0.0000"]);
});

it("is null for a line whose prediction was not kept", () => {
  expect(predictionCosines(predictions, 2, new Float32Array(3))).toBeNull();
});

it("takes the mean away where the whole space was kept", () => {
  const whole = { width: 2, rows: Float32Array.of(0, 1), mean: Float32Array.of(1, 0), basis: null };
  const [cosine] = predictionCosines(whole, 0, Float32Array.of(3, 4)) ?? [];
  expect(cosine).toBeCloseTo(0.8 / Math.hypot(0.4, 0.8), 6);
});
