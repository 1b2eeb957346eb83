import { describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import { matrix } from "../../../src/core/math/matrix";
import { selectionScore, splitData } from "../../../src/engine/align/validation";

const data: AlignmentData = {
  image: matrix(4, 1, Float32Array.of(10, 11, 12, 13)),
  text: matrix(3, 2, Float32Array.of(0, 0, 1, 1, 2, 2)),
  pairs: {
    length: 5,
    image: Uint32Array.of(0, 3, 1, 3, 2),
    text: Uint32Array.of(0, 2, 1, 1, 0),
    split: ["train", "test", "test", "test", "train"],
    component: Uint32Array.of(0, 1, 1, 1, 0),
  },
};

describe("splitData", () => {
  it("keeps the split's items, each once, and renumbers its pairs", () => {
    const { image, text, pairs } = splitData(data, "test");
    expect(image).toEqual(matrix(2, 1, Float32Array.of(13, 11)));
    expect(text).toEqual(matrix(2, 2, Float32Array.of(2, 2, 1, 1)));
    expect(pairs.image).toEqual(Uint32Array.of(0, 1, 0));
    expect(pairs.text).toEqual(Uint32Array.of(0, 1, 1));
    expect(pairs.component).toEqual(Uint32Array.of(1, 1, 1));
    expect(pairs.split).toEqual(["test", "test", "test"]);
  });

  it("is empty for a split without pairs", () => {
    const { image, text, pairs } = splitData(data, "validation");
    expect([image.rows, text.rows, pairs.length]).toEqual([0, 0, 0]);
  });
});

describe("selectionScore", () => {
  const direction = (recall: Record<string, number>) => ({
    gallery: 9,
    queries: 9,
    medianRank: 1,
    meanRank: 1,
    meanReciprocalRank: 1,
    recall: Object.fromEntries(
      Object.entries(recall).map(([k, value]) => [k, { value, low: 0, high: 1 }]),
    ),
  });

  it("is the mean of every recall of both directions", () => {
    const imageToText = direction({ "10": 0.9, "1": 0.2, "5": 0.5 });
    const textToImage = direction({ "10": 0.8, "1": 0.4, "5": 0.6 });
    expect(selectionScore({ imageToText, textToImage })).toBeCloseTo(3.4 / 6, 12);
  });

  it("takes whichever recalls were evaluated", () => {
    const both = direction({ "20": 0.9, "3": 0.5 });
    expect(selectionScore({ imageToText: both, textToImage: both })).toBeCloseTo(0.7, 12);
  });
});
