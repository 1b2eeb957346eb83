import fc from "fast-check";
import { expect, it } from "vitest";
import { topK } from "../../../src/core/math/topK";

it("gives what a full sort gives, ties in index order", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 60 }),
      fc.integer({ min: 0, max: 70 }),
      (scores, k) => {
        const sorted = scores
          .map((_, i) => i)
          .sort((a, b) => scores[b]! - scores[a]! || a - b)
          .slice(0, k);
        expect([...topK(scores, k)]).toEqual(sorted);
      },
    ),
  );
});
