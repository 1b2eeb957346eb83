import { expect, it } from "vitest";
import { kthLargest } from "../../../src/core/math/kthLargest";
import { rng } from "../../../src/core/math/rng";

it("finds what sorting finds, at every k, ties included", () => {
  const random = rng(1);
  for (const levels of [1, 3, 1e9]) {
    const values = Float64Array.from({ length: 97 }, () => Math.floor(random() * levels) / 7);
    const sorted = values.toSorted().reverse();
    for (let k = 1; k <= 97; k++) expect(kthLargest(values.slice(), k)).toBe(sorted[k - 1]);
  }
});

it("holds for rows already in order, and for a single value", () => {
  const up = Float32Array.from({ length: 50 }, (_, i) => i);
  expect(kthLargest(up.slice(), 10)).toBe(40);
  expect(kthLargest(up.slice().reverse(), 10)).toBe(40);
  expect(kthLargest(Float32Array.of(3), 1)).toBe(3);
});
