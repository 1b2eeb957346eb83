import { EMBEDDED_ENCODERS } from "../../src/core/catalogue/embeddedEncoders";
import { defaultChoice } from "../../src/core/domain/encoder";
import type { SearchPageManifest } from "../../src/core/domain/searchPage";

/** The manifest of a page of two pictures, as an export writes it. */
export function sampleManifest(change: Partial<SearchPageManifest> = {}): SearchPageManifest {
  const [image, text] = EMBEDDED_ENCODERS;
  if (!image || !text) throw new Error("the catalogue has an encoder for each side");
  return {
    version: 1,
    title: "Museum",
    madeAt: "2026-01-02T03:04:05.000Z",
    madeWith: "Alignment Playground 9.9.9",
    run: { name: "first", method: "ridge", step: 1, dimension: 2, dataDigest: "d1".repeat(32) },
    image,
    text: { ...text, spec: text, choice: defaultChoice(text), unitLength: false },
    recall: {
      k: 10,
      estimate: { value: 0.694, low: 0.6, high: 0.78 },
      queries: 164,
      gallery: 321,
      chance: 0.06,
    },
    examples: ["a small dog"],
    items: [
      { captions: ["cat"], split: "train", width: 8, height: 4 },
      { captions: ["dog", "puppy"], split: "test", original: "originals/2.png" },
    ],
    parts: {
      worker: { count: 1, sizeBytes: 10 },
      vectors: { count: 1, sizeBytes: 20 },
      tokenizer: { count: 1, sizeBytes: 30 },
      model: { count: 2, sizeBytes: 101 },
    },
    ...change,
  };
}
