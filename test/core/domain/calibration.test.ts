import { expect, it } from "vitest";
import { encoderById } from "../../../src/core/catalogue/encoders";
import { bestTrial, calibrationName, type Trial } from "../../../src/core/domain/calibration";

const trial = (msPerItem: number, change: Partial<Trial> = {}): Trial => ({
  device: "wasm",
  threads: 1,
  batchSize: 16,
  msPerItem,
  ...change,
});

it("takes the fastest", () => {
  const trials = [trial(40), trial(10, { device: "webgpu" }), trial(25, { threads: 4 })];
  expect(bestTrial(trials)).toBe(trials[1]);
});

it("takes the smaller batch and the fewer threads unless the others are clearly faster", () => {
  const small = trial(40, { batchSize: 8 });
  expect(bestTrial([trial(39.5), small])).toBe(small);
  const one = trial(40);
  expect(bestTrial([trial(38, { threads: 2 }), one])).toBe(one);
  expect(bestTrial([trial(24, { threads: 2 }), one])?.threads).toBe(2);
});

it("is undefined where nothing gave a time, and passes over what is none", () => {
  expect(bestTrial([])).toBeUndefined();
  expect(bestTrial([trial(NaN), trial(0), trial(Infinity)])).toBeUndefined();
  expect(bestTrial([trial(NaN), trial(3)])?.msPerItem).toBe(3);
});

it("is remembered per network and place", () => {
  const spec = encoderById("all-minilm-l6-v2");
  const name = calibrationName(spec, "CPU × 8");
  expect(calibrationName({ ...spec, name: "renamed", summary: "" }, "CPU × 8")).toBe(name);
  expect(calibrationName({ ...spec, files: [...spec.files].reverse() }, "CPU × 8")).toBe(name);
  for (const other of [
    calibrationName(spec, "CPU × 4"),
    calibrationName({ ...spec, revision: "2" }, "CPU × 8"),
    calibrationName({ ...spec, preprocessingVersion: 2 }, "CPU × 8"),
    calibrationName(
      { ...spec, files: spec.files.map((file) => ({ ...file, sha256: "0" })) },
      "CPU × 8",
    ),
  ]) {
    expect(other).not.toBe(name);
  }
});
