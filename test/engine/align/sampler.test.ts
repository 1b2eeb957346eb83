import { describe, expect, it } from "vitest";
import type { PairTable } from "../../../src/core/domain/alignmentData";
import { openSampler, pairsByComponent } from "../../../src/engine/align/sampler";

/** Ten captions with one to four images each, the last two held out. */
function manyToOne(): PairTable {
  const text = [0, 0, 0, 1, 2, 2, 3, 4, 4, 4, 4, 5, 6, 6, 7, 8, 8, 9];
  return {
    length: text.length,
    image: Uint32Array.from(text, (_, i) => i),
    text: Uint32Array.from(text),
    split: text.map((t) => (t < 8 ? "train" : "test")),
    component: Uint32Array.from(text, (t) => 100 + t),
  };
}

describe("openSampler", () => {
  it("takes each component at most once per batch, and training pairs only", () => {
    const sample = openSampler(manyToOne(), 4, 1);
    for (let step = 0; step < 50; step++) {
      const { image, text } = sample(step);
      expect(new Set(text).size).toBe(4);
      expect(Math.max(...text)).toBeLessThan(8);
      image.forEach((i, at) => expect(manyToOne().text[i]).toBe(text[at]));
    }
  });

  it("covers every component once per epoch, in another order each time", () => {
    const sample = openSampler(manyToOne(), 4, 1);
    const epoch = (n: number) => [...sample(2 * n).text, ...sample(2 * n + 1).text];
    expect(epoch(0).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(epoch(1).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(epoch(1)).not.toEqual(epoch(0));
  });

  it("draws every image of a caption sooner or later", () => {
    const sample = openSampler(manyToOne(), 8, 1);
    const drawn = new Set(Array.from({ length: 60 }, (_, step) => [...sample(step).image]).flat());
    expect(drawn.size).toBe(15);
  });

  it("draws anew at every step, also when the batch is the whole data set", () => {
    const text = [0, 0, 0, 0, 1, 1, 1, 1];
    const numbers = Uint32Array.from(text, (_, i) => i);
    const split = text.map(() => "train" as const);
    const component = Uint32Array.from(text);
    const sample = openSampler(
      { length: 8, image: numbers, text: component, split, component },
      2,
      1,
    );
    const drawn = new Set(Array.from({ length: 40 }, (_, step) => [...sample(step).image]).flat());
    expect(drawn.size).toBe(8);
  });

  it("gives step 37 the same batch whether or not the steps before were drawn", () => {
    const uninterrupted = openSampler(manyToOne(), 4, 1);
    for (let step = 0; step < 37; step++) uninterrupted(step);
    expect(openSampler(manyToOne(), 4, 1)(37)).toEqual(uninterrupted(37));
    expect(openSampler(manyToOne(), 4, 2)(37)).not.toEqual(uninterrupted(37));
  });

  it("refuses a batch larger than the components there are", () => {
    expect(() => openSampler(manyToOne(), 9, 1)).toThrowError(
      expect.objectContaining({ code: "data/too-few" }) as Error,
    );
  });
});

describe("pairsByComponent", () => {
  it("groups the pairs of one split", () => {
    expect(pairsByComponent(manyToOne(), "test")).toEqual([[15, 16], [17]]);
  });
});
