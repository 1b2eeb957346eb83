import { describe, expect, it } from "vitest";
import { defaultRecipe } from "../../../src/core/domain/recipe";
import { sweepsOf } from "../../../src/core/domain/storedSweep";
import {
  comparisonRows,
  comparisonsAmong,
  coverageSize,
  coverageSweep,
  trainingConcepts,
} from "../../../src/ui/features/align/conceptCoverage";
import { baseline, estimate, retrieval } from "../../support/retrieval";
import { sampleImage, samplePair, sampleRun } from "../../support/samples";

const base = defaultRecipe({ project: "p1" });
const request = {
  ...{ base, concepts: "category", perConcept: 20, count: 9, unrelated: 1_320 },
  label: "category",
};

describe("concepts of a label column", () => {
  const labelled = (digest: string, category?: string) => ({
    ...sampleImage(digest),
    ...(category ? { labels: { category } } : {}),
  });
  const images = [
    labelled("a", "fruit"),
    labelled("b", "animal"),
    labelled("c"),
    labelled("d", "x"),
  ];

  it("are those of training images that are in", () => {
    const pairs = [
      samplePair(0, 0),
      samplePair(1, 1),
      samplePair(2, 2),
      samplePair(3, 3, "test"),
      { ...samplePair(3, 4), excluded: "wrong" },
    ];
    expect(trainingConcepts(images, pairs, "category")).toEqual(["animal", "fruit"]);
    expect(trainingConcepts(images, pairs, "colour")).toEqual([]);
    expect(trainingConcepts([], [], "category")).toEqual([]);
  });
});

describe("a comparison with a random pick", () => {
  it("differs in the training pairs only, and takes as many", () => {
    const { recipes } = coverageSweep(request);
    expect(recipes.map(({ align }) => align.trainOn)).toEqual([
      { concepts: "category", perConcept: 20 },
      180,
    ]);
    const [a, b] = recipes.map(({ align, ...rest }) => ({
      ...rest,
      align: { ...align, trainOn: 0 },
    }));
    expect(a).toEqual(b);
    expect(a?.evaluate.zeroShot?.label).toBe("category");
  });

  it("takes no more pairs than there are", () => {
    expect(coverageSize({ count: 100, perConcept: 20, unrelated: 500 })).toBe(500);
  });

  it("works with typed names and no label to classify by", () => {
    const { recipes } = coverageSweep({ ...request, concepts: ["a dog", "fruit"], label: "" });
    expect(recipes[0]?.align.trainOn).toEqual({ concepts: ["a dog", "fruit"], perConcept: 20 });
    expect(recipes[0]?.evaluate.zeroShot).toBeNull();
  });

  it("is found again among stored runs, with its numbers and chance", () => {
    const { recipes } = coverageSweep(request);
    const zeroShot = {
      ...{ label: "category", classes: 10, queries: 50, top1: estimate(0.4), top5: estimate(0.8) },
      ...{
        macro: 0.3,
        ceiling: null,
        knnCeiling: null,
        templates: [],
        perClass: [],
        confusion: null,
      },
    };
    const [first, second] = recipes.map((recipe, i) =>
      sampleRun(`r${i}`, "p1", { recipe, createdAt: i, sweep: { id: "s", name: "n", at: {} } }),
    );
    const ended = {
      ...{ test: retrieval(0.6), zeroShot, baselines: [baseline("chance", 0.1)] },
    };
    const [comparison] = comparisonsAmong(sweepsOf([{ ...first!, ...ended }, second!]));
    const rows = comparisonRows(comparison!);
    expect(rows.map(({ name }) => name)).toEqual([
      "Zero-shot “category”, top 1",
      "Zero-shot “category”, mean of classes",
      "Image → text, recall@10",
      "Text → image, recall@10",
    ]);
    expect(rows[0]).toMatchObject({ concepts: { value: 0.4 }, random: null, chance: 0.1 });
    expect(rows[2]).toMatchObject({ concepts: { value: 0.6 }, random: null, chance: 0.1 });
  });

  it("is not any sweep of two runs", () => {
    const runs = [0, 1].map((seed) =>
      sampleRun(`r${seed}`, "p1", { createdAt: seed, sweep: { id: "s", name: "n", at: { seed } } }),
    );
    expect(comparisonsAmong(sweepsOf(runs))).toEqual([]);
  });
});
