import { expect, it } from "vitest";
import { joinFloats } from "../../../src/core/math/joinFloats";

it("puts parts one after the other, also empty ones and none", () => {
  const parts = [Float32Array.of(1, 2), new Float32Array(), Float32Array.of(3)];
  expect([...joinFloats(parts)]).toEqual([1, 2, 3]);
  expect(joinFloats([])).toHaveLength(0);
});
