import { describe, expect, it } from "vitest";
import { balanceConcepts } from "../../../src/core/domain/balanceConcepts";
import { matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";

const scores = (...rows: number[][]) =>
  matrix(rows.length, rows[0]?.length ?? 0, Float32Array.from(rows.flat()));

/** The rule read aloud, without an index in common with the code under test. */
function naive(rows: readonly number[][], perConcept: number) {
  const rarity = rows.map(
    (row) => [...row].sort((a, b) => b - a)[Math.min(perConcept, row.length) - 1]!,
  );
  const order = rows.map((_, c) => c).sort((a, b) => rarity[a]! - rarity[b]! || a - b);
  const free = new Set(rows[0]!.keys());
  const taken = new Map<number, number[]>();
  for (const c of order) {
    const best: number[] = [];
    while (best.length < perConcept && free.size > 0) {
      let top = -1;
      for (const i of free) if (top < 0 || rows[c]![i]! > rows[c]![top]!) top = i;
      best.push(top);
      free.delete(top);
    }
    taken.set(c, best);
  }
  return { order, taken: rows.map((_, c) => taken.get(c)!) };
}

describe("balanceConcepts", () => {
  it("lets the rare concept choose first", () => {
    // Component 0 suits both; the first concept has others, the second has not.
    const { order, taken } = balanceConcepts(scores([0.9, 0.8, 0.7], [0.5, 0.1, 0.1]), 1);
    expect(order).toEqual([1, 0]);
    expect(taken).toEqual([[1], [0]]);
  });

  it("gives what the rule says, on 50 random tables with ties", () => {
    const random = rng(3);
    for (let round = 0; round < 50; round++) {
      const [concepts, components] = [1 + Math.floor(5 * random()), 1 + Math.floor(30 * random())];
      const rows = Array.from({ length: concepts }, () =>
        Array.from({ length: components }, () => Math.floor(8 * random()) / 8),
      );
      const perConcept = 1 + Math.floor(6 * random());
      expect(balanceConcepts(scores(...rows), perConcept)).toEqual(naive(rows, perConcept));
    }
  });

  it("takes nothing twice and runs dry without fault", () => {
    const { taken } = balanceConcepts(scores([1, 0.5], [1, 0.5], [1, 0.5]), 2);
    expect(taken.flat().sort()).toEqual([0, 1]);
    expect(taken.map((own) => own.length)).toEqual([2, 0, 0]);
  });

  it("has nothing to give without components or concepts", () => {
    expect(balanceConcepts(matrix(2, 0), 3).taken).toEqual([[], []]);
    expect(balanceConcepts(matrix(0, 5), 3)).toEqual({ order: [], taken: [] });
  });

  it("refuses a score that is no number", () => {
    expect(() => balanceConcepts(scores([1, Number.NaN]), 1)).toThrowError(
      expect.objectContaining({ code: "internal" }) as Error,
    );
  });
});
