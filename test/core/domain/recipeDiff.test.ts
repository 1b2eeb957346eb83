import { describe, expect, it } from "vitest";
import { resolveRecipe } from "../../../src/core/domain/recipe";
import { recipeDiff } from "../../../src/core/domain/recipeDiff";

const recipe = (align: object, rest: object = {}) =>
  resolveRecipe({ version: 1, data: { project: "p" }, align, ...rest });

describe("recipeDiff", () => {
  it("finds nothing between a recipe and itself under another name", () => {
    expect(recipeDiff(recipe({}), recipe({}, { name: "other" }))).toEqual([]);
  });

  it("names nested keys with both values, in the order of the recipe", () => {
    const before = recipe({ learningRate: 0.001, structure: { weight: 10 } });
    const after = recipe(
      { learningRate: 0.003, structure: { weight: 5 } },
      { split: { test: 0.2 } },
    );
    expect(recipeDiff(before, after)).toEqual([
      { key: "split.test", before: 0.1, after: 0.2 },
      { key: "align.learningRate", before: 0.001, after: 0.003 },
      { key: "align.structure.weight", before: 10, after: 5 },
    ]);
  });

  it("shows what only one of them has as a whole", () => {
    const [difference] = recipeDiff(recipe({ structure: null }), recipe({ structure: true }));
    expect(difference).toMatchObject({ key: "align.structure", before: null });
    expect(difference?.after).toMatchObject({ weight: 10 });
    const data = recipeDiff(recipe({}), recipe({}, { data: { sample: "emoji" } }));
    expect(data).toEqual([
      { key: "data.project", before: "p", after: undefined },
      { key: "data.sample", before: undefined, after: "emoji" },
    ]);
  });

  it("compares lists as a whole", () => {
    const lists = recipeDiff(
      recipe({}, { evaluate: { baselines: ["chance"] } }),
      recipe({}, { evaluate: { baselines: ["chance", "csa"] } }),
    );
    expect(lists).toEqual([
      { key: "evaluate.baselines", before: ["chance"], after: ["chance", "csa"] },
    ]);
  });
});
