import { expect, it } from "vitest";
import { expandSweep } from "../../src/core/domain/sweep";
import { previewRows } from "../../src/ui/features/recipe/recipeWords";

const rows = (part: object) =>
  Object.fromEntries(
    previewRows(expandSweep({ version: 1, data: { sample: "emoji" }, ...part })).map(
      ({ term, words }) => [term, words],
    ),
  );

it("leaves out what is at its default", () => {
  expect(Object.keys(rows({}))).toEqual(["Method", "Training", "Measures", "Baselines"]);
});

it("says every setting that is not", () => {
  const shown = rows({
    align: {
      ...{ method: "sail", projectors: { image: "identity" }, loss: "infonce", seeds: 3, seed: 4 },
      ...{ negatives: "corpus", positives: "several", dropout: 0.3, gradientClip: null },
      ...{ patience: 50, structure: { weight: 2, levels: 3 }, steps: 1_000 },
      trainOn: { concepts: ["cat", "dog"], perConcept: 5 },
    },
    evaluate: { csls: true, baselines: [], zeroShot: { label: "kind", templates: "clip-7" } },
  });
  expect(shown).toMatchObject({
    Projectors: "locked (images), the method's own (texts)",
    Loss: "infonce",
    "Several captions": "two at a time",
    Negatives: "corpus",
    STRUCTURE: "weight 2, code, temperature 0.05, levels 3, ramp 0.1",
    Dropout: "0.3",
    "Gradient norm": "not clipped",
    "Early stopping": "after 50 steps without a better score",
    "Trains on": "5 pairs of each of 2 concepts (cat, dog), rare ones first",
    Baselines: "none",
  });
  expect(shown["Training"]).toMatch(/^1,000 steps, automatic batches, .*seed 4 to 6$/);
  expect(shown["Measures"]).toMatch(/CSLS.*“kind” with the templates “clip-7”$/);
});

it("shows all values of what a sweep varies", () => {
  const shown = rows({
    align: {
      ...{ method: ["linear", "csa"], steps: [10, 20], structure: { weight: [1, 10] } },
      ...{
        trainOn: { concepts: "kind", perConcept: [5, 9] },
        projectors: { text: ["auto", "sail"] },
      },
    },
  });
  expect(shown["Sweep"]).toMatch(/^32 runs, one after the other: align\.method linear, csa × /);
  expect(shown["Method"]).toBe("Linear heads, CSA (regularised CCA)");
  expect(shown["Training"]).toMatch(/^10 \/ 20 steps/);
  expect(shown["STRUCTURE"]).toMatch(/^weight 1 \/ 10,/);
  expect(shown["Trains on"]).toBe("5 / 9 pairs of every value of “kind”, rare ones first");
  expect(shown["Projectors"]).toBe("the method's own (images), auto / sail (texts)");
});
