import { describe, expect, it } from "vitest";
import type { PairTable } from "../../../src/core/domain/alignmentData";
import { openSampler as open, pairsByComponent } from "../../../src/engine/align/sampler";

/** The only batch of each step. */
function openSampler(pairs: PairTable, batchSize: number, seed: number) {
  const sample = open(pairs, { batchSize, seed, positives: "sampled" });
  return (step: number) => sample(step)[0]!;
}

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

/** Three images with three captions each, one with one, one caption of two images. */
function captions(): PairTable {
  const component = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 4, 4];
  return {
    length: component.length,
    image: Uint32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 4, 5),
    text: Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10),
    split: component.map(() => "train"),
    component: Uint32Array.from(component),
  };
}

describe("openSampler with several captions", () => {
  const sample = open(captions(), { batchSize: 5, seed: 3, positives: "several" });

  it("takes the same components twice, with different captions where they have them", () => {
    for (let step = 0; step < 30; step++) {
      const [first, second] = sample(step);
      expect(second!.component).toEqual(first!.component);
      expect(new Set(first!.component).size).toBe(5);
      first!.component.forEach((component, i) => {
        if (component < 3) expect(second!.text[i]).not.toBe(first!.text[i]);
        if (component === 3) expect(second!.text[i]).toBe(first!.text[i]);
        if (component === 4) expect(second!.image[i]).not.toBe(first!.image[i]);
      });
    }
  });

  it("draws every ordered pair of captions sooner or later", () => {
    const drawn = new Set<string>();
    for (let step = 0; step < 200; step++) {
      const [first, second] = sample(step);
      first!.component.forEach((component, i) => {
        if (component === 0) drawn.add(`${first!.text[i]} ${second!.text[i]}`);
      });
    }
    expect(drawn.size).toBe(6);
  });

  it("has as its first batch that of single captions", () => {
    const single = openSampler(captions(), 5, 3);
    for (let step = 0; step < 10; step++) expect(sample(step)[0]).toEqual(single(step));
  });
});

describe.each(["masked", "soft"] as const)("openSampler drawing freely (%s)", (positives) => {
  const sampler = (batchSize = 4) => open(captions(), { batchSize, seed: 1, positives });
  const pairsOf = (sample: ReturnType<typeof sampler>, steps: readonly number[]) =>
    steps.flatMap((step) => {
      const { image, text, component } = sample(step)[0]!;
      return [...image].map((i, at) => `${i} ${text[at]} ${component[at]}`);
    });

  it("goes through every pair once per epoch, in another order each time", () => {
    const epoch = (n: number) => pairsOf(sampler(), [3 * n, 3 * n + 1, 3 * n + 2]);
    expect(new Set(epoch(0)).size).toBe(12);
    expect(new Set(epoch(1)).size).toBe(12);
    expect(epoch(1)).not.toEqual(epoch(0));
  });

  it("takes batches larger than there are components, not larger than there are pairs", () => {
    expect(sampler(12)(0)[0]!.image).toHaveLength(12);
    expect(() => sampler(13)).toThrowError(
      expect.objectContaining({ code: "data/too-few" }) as Error,
    );
  });

  it("gives step 37 the same batch whether or not the steps before were drawn", () => {
    const uninterrupted = sampler();
    for (let step = 0; step < 37; step++) uninterrupted(step);
    expect(sampler()(37)).toEqual(uninterrupted(37));
  });
});

describe("pairsByComponent", () => {
  it("groups the pairs of one split", () => {
    expect(pairsByComponent(manyToOne(), "test")).toEqual([[15, 16], [17]]);
  });
});
