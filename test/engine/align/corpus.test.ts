import { describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import { matrix } from "../../../src/core/math/matrix";
import { openCorpus } from "../../../src/engine/align/corpus";

/** Six texts: 0 and 1 of one picture, 2 and 4 equal to the bit, 3 held out, 5 in no pair. */
function data(): AlignmentData {
  const texts = [3, 4, 0, 2, 5, 12, 1, 1, 5, 12, 8, 6];
  return {
    image: matrix(4, 1, Float32Array.of(1, 2, 3, 4)),
    text: matrix(6, 2, Float32Array.from(texts)),
    pairs: {
      length: 6,
      image: Uint32Array.of(0, 0, 1, 2, 3, 1),
      text: Uint32Array.of(0, 1, 2, 3, 4, 2),
      split: ["train", "train", "train", "test", "train", "train"],
      component: Uint32Array.of(0, 0, 1, 2, 3, 1),
    },
  };
}
const batch = (image: number[], text: number[]) => ({
  image: Uint32Array.from(image),
  text: Uint32Array.from(text),
  component: new Uint32Array(image.length),
});

describe("openCorpus", () => {
  const corpus = openCorpus(data(), "text");

  it("holds every training item of the side once, L2-normalised, and no held-out one", () => {
    const rows = [0.6, 0.8, 0, 1, 5 / 13, 12 / 13, 5 / 13, 12 / 13];
    expect(corpus.rows.rows).toBe(4);
    corpus.rows.data.forEach((value, i) => expect(value).toBeCloseTo(rows[i]!, 6));
  });

  it("finds each partner, and masks its component and its equals but never itself", () => {
    const { positive, masked } = corpus.of(batch([0, 3, 1], [1, 4, 2]));
    expect([...positive]).toEqual([1, 3, 2]);
    expect(masked).toEqual([[0], [2], [3]]);
  });

  it("masks the equals of a relative too", () => {
    const twins = data();
    twins.text.data.set([5, 12], 0); // text 0, a caption of picture 0, equals texts 2 and 4
    expect(openCorpus(twins, "text").of(batch([0], [1])).masked).toEqual([[0, 2, 3]]);
  });

  it("masks nothing of an image without relatives", () => {
    const { positive, masked } = openCorpus(data(), "image").of(batch([3, 0], [4, 1]));
    expect([...positive]).toEqual([2, 0]);
    expect(masked).toEqual([[], []]);
  });
});

describe("a corpus of mixed rows", () => {
  it("has neither partner of a mixed row as a negative, nor a relative of either", () => {
    // Pictures 0 and 1 become one row, of texts 0 and 2: rows 0 and 2 of the corpus.
    const { positive, masked } = openCorpus(data(), "text", true).of(batch([0, 1], [0, 2]));
    expect([...positive]).toEqual([0]);
    expect(masked.map((rows) => [...rows].sort())).toEqual([[1, 2, 3]]);
  });

  it("has as many rows as FuseMix makes", () => {
    const { positive } = openCorpus(data(), "text", true).of(batch([0, 1, 3, 3], [0, 2, 4, 4]));
    expect(positive).toHaveLength(2);
  });
});
