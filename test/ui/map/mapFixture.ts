import type { ItemFacts, MapItems } from "../../../src/core/domain/jointMap";

/** Two images with two captions and a third caption of the second; image 2 has no pair. */
export const ITEMS: MapItems = { image: Uint32Array.of(0, 1, 2), text: Uint32Array.of(0, 1, 2) };

export const FACTS: ItemFacts = {
  splits: { image: Uint8Array.of(0, 2, 2), text: Uint8Array.of(0, 2, 2) },
  labels: [
    {
      column: "kind",
      values: ["cat", "=dog"],
      codes: { image: Int32Array.of(0, 1, -1), text: Int32Array.of(0, 1, 1) },
    },
  ],
  pairs: {
    index: Uint32Array.of(4, 6, 9),
    image: Uint32Array.of(0, 1, 1),
    text: Uint32Array.of(0, 1, 2),
  },
  tags: [{ name: "odd", pairs: Uint32Array.of(2) }],
};

export const SCORES = {
  items: ITEMS,
  ranks: Uint32Array.of(0, 2, 0, 0, 1, 40),
  cosines: Float32Array.of(0.9, 0.1, NaN, 0.9, 0.5, 0.1),
  step: 1,
};
