import { expect, it } from "vitest";
import type { RetrievalPair } from "../../src/core/domain/evaluation";
import { openBaselines } from "../../src/engine/align/baselines";
import { referenceData } from "../bench/referenceData";

// Mean of the six test recalls, percent, that numpy reaches on the same embeddings and split.
const NUMPY = { procrustes: 49.2, ridge: 49.8, csa: 50.1 } as const;
const CHANCE = 3.2;

const baselines = openBaselines(referenceData());
const options = { ks: [1, 5, 10], seed: 0 };

function meanRecall({ imageToText, textToImage }: RetrievalPair): number {
  const recalls = [imageToText, textToImage].flatMap(({ recall }) => Object.values(recall));
  expect(recalls.length).toBe(6);
  return (100 * recalls.reduce((sum, { value }) => sum + value, 0)) / 6;
}

it.each(Object.entries(NUMPY))(
  "%s is at most a point below numpy's %f on the emoji sample",
  async (id, expected) => {
    const { test } = await baselines.compute(id as keyof typeof NUMPY, options);
    expect([test.textToImage.gallery, test.imageToText.gallery]).toEqual([321, 164]);
    expect([test.imageToText.queries, test.textToImage.queries]).toEqual([321, 164]);
    expect(meanRecall(test)).toBeGreaterThan(expected - 1);
    // A leak, or a train score, would be far above.
    expect(meanRecall(test)).toBeLessThan(expected + 4);
  },
  60_000,
);

it("finds no more than chance after the captions are shuffled", async () => {
  const { test } = await baselines.compute("shuffled", options);
  expect(Math.abs(meanRecall(test) - CHANCE)).toBeLessThan(2.5);
  const chance = await baselines.compute("chance", options);
  expect(Math.abs(meanRecall(chance.test) - CHANCE)).toBeLessThan(0.1);
}, 60_000);
