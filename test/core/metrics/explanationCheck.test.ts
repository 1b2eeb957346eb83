import { expect, it } from "vitest";
import { checkExplanation } from "../../../src/core/metrics/explanationCheck";

const own = [1, 2, 3, 4, 5];
const opposite = [5, 4, 3, 2, 1];

it("takes the same order for every query to say nothing of this one", () => {
  const alike = Array.from({ length: 8 }, (_, i) => own.map((value) => value * (i + 1) - 7));
  expect(checkExplanation(own, alike)).toEqual({
    correlation: 1,
    controls: 8,
    isParticular: false,
  });
});

it("keeps an explanation that random queries do not share", () => {
  const check = checkExplanation(own, [own, opposite, own, opposite]);
  expect(check.isParticular).toBe(true);
  expect(check.correlation).toBeCloseTo(0, 12);
});

it("leaves out controls that count every part the same", () => {
  const flat = [1, 1, 1, 1, 1];
  expect(checkExplanation(own, [flat, opposite, flat, opposite, opposite, opposite])).toMatchObject(
    {
      controls: 4,
      correlation: -1,
    },
  );
});

it("does not judge by few controls or few parts", () => {
  expect(checkExplanation(own, [own, own, own]).isParticular).toBeNull();
  expect(
    checkExplanation(
      [1, 2],
      [own, own, own, own].map(() => [1, 2]),
    ).isParticular,
  ).toBeNull();
  expect(checkExplanation(own, [])).toEqual({ correlation: NaN, controls: 0, isParticular: null });
});
