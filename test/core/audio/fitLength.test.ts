import { expect, it } from "vitest";
import { fitLength, heardOf } from "../../../src/core/audio/fitLength";

const clip = Float32Array.of(1, 2, 3, 4, 5);
const fit = (samples: number, change: { fill?: "repeat"; cut?: "middle" } = {}) => [
  ...fitLength(clip, { samples, fill: "silence", cut: "start", ...change }),
];

it("leaves a clip of that length as it is", () => {
  const same = fitLength(clip, { samples: 5, fill: "repeat", cut: "middle" });
  expect(same).toBe(clip);
});

it("takes the start or the middle of a longer clip", () => {
  expect(fit(2)).toEqual([1, 2]);
  expect(fit(2, { cut: "middle" })).toEqual([2, 3]);
  expect(fit(3, { cut: "middle" })).toEqual([2, 3, 4]);
});

it("puts silence, or the clip again, after a shorter one", () => {
  expect(fit(8)).toEqual([1, 2, 3, 4, 5, 0, 0, 0]);
  expect(fit(8, { fill: "repeat" })).toEqual([1, 2, 3, 4, 5, 1, 2, 3]);
  expect(fit(12, { fill: "repeat" })).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]);
});

it("tells the clip from silence only where there is silence after it", () => {
  const length = { samples: 8, fill: "silence", cut: "start" } as const;
  expect(heardOf(5, length)).toEqual({ samples: 5, of: 8 });
  expect(heardOf(8, length)).toBeUndefined();
  expect(heardOf(9, length)).toBeUndefined();
  expect(heardOf(5, { ...length, fill: "repeat" })).toBeUndefined();
  expect(heardOf(5, undefined)).toBeUndefined();
});
