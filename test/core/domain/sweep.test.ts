import { describe, expect, it } from "vitest";
import {
  expandSweep,
  learningCurveSizes,
  learningCurveSweep,
  MAX_SWEEP_RUNS,
  parseSweep,
  pointName,
} from "../../../src/core/domain/sweep";
import { defaultRecipe, resolveRecipe } from "../../../src/core/domain/recipe";

const minimal = { version: 1, name: "grid", data: { sample: "emoji" } };
const invalid = (detail: RegExp) =>
  expect.objectContaining({
    code: "recipe/invalid",
    detail: expect.stringMatching(detail) as string, // vitest types its matchers as any
  });
const range = (n: number) => Array.from({ length: n }, (_, i) => i);

describe("expandSweep", () => {
  it("takes a plain recipe for a sweep of one", () => {
    expect(expandSweep(minimal)).toEqual({
      name: "grid",
      axes: [],
      recipes: [resolveRecipe(minimal)],
      points: [{}],
    });
  });

  it("is the product of all lists, the last one varying fastest", () => {
    const { axes, recipes, points } = expandSweep({
      ...minimal,
      align: { learningRate: [0.001, 0.003], method: "linear", seed: [0, 1, 2] },
    });
    expect(axes).toEqual([
      { key: "align.learningRate", values: [0.001, 0.003] },
      { key: "align.seed", values: [0, 1, 2] },
    ]);
    expect(points.map((point) => Object.values(point))).toEqual(
      [0.001, 0.003].flatMap((rate) => [0, 1, 2].map((seed) => [rate, seed])),
    );
    expect(recipes).toEqual(
      points.map((point) =>
        resolveRecipe({
          ...minimal,
          align: {
            method: "linear",
            learningRate: point["align.learningRate"],
            seed: point["align.seed"],
          },
        }),
      ),
    );
  });

  it("varies nested keys, encoders and values that are objects", () => {
    const { axes, recipes } = expandSweep({
      ...minimal,
      encoders: { image: { layer: [null, "stage4"] } },
      align: {
        projectors: { text: ["auto", "identity"] },
        structure: [null, { weight: 3 }],
        trainOn: [100, { concepts: "category", perConcept: 5 }],
      },
    });
    expect(axes).toEqual([
      { key: "align.projectors.text", values: ["auto", "identity"] },
      { key: "align.structure", values: [null, '{"weight":3}'] },
      { key: "align.trainOn", values: [100, '{"concepts":"category","perConcept":5}'] },
      { key: "encoders.image.layer", values: [null, "stage4"] },
    ]);
    expect(recipes).toHaveLength(16);
    expect(recipes.at(-1)?.align).toMatchObject({
      projectors: { image: "auto", text: "identity" },
      structure: { weight: 3, levels: 1 },
      trainOn: { concepts: "category", perConcept: 5 },
    });
    expect(recipes.at(-1)?.encoders.image.layer).toBe("stage4");
  });

  it("leaves lists alone that are lists by nature", () => {
    const { axes, recipes } = expandSweep({
      ...minimal,
      align: { trainOn: { concepts: ["cat", "dog"], perConcept: [5, 10] } },
      evaluate: { retrieval: [1, 2] },
    });
    expect(axes).toEqual([{ key: "align.trainOn.perConcept", values: [5, 10] }]);
    expect(recipes[1]?.align.trainOn).toEqual({ concepts: ["cat", "dog"], perConcept: 10 });
  });

  it("changes nothing of what it was given", () => {
    const value = { ...minimal, align: { seed: [0, 1] } };
    const before = JSON.stringify(value);
    expandSweep(value);
    expect(JSON.stringify(value)).toBe(before);
  });

  it.each([
    ["an empty list", { align: { seed: [] } }, /align\.seed: expected at least one/],
    ["a value that is there twice", { align: { seed: [1, 2, 1] } }, /align\.seed: .*1 is there tw/],
    ["lists in a list", { align: { seed: [[1], 2] } }, /align\.seed: expected one value per entry/],
    ["a wrong value in a list", { align: { seed: [0, -1] } }, /align\.seed: expected a whole number.*in the run with seed -1/], // prettier-ignore
    ["a list inside a value that varies", { align: { structure: [null, { weight: [1] }] } }, /align\.structure\.weight: expected a number/], // prettier-ignore
    ["combinations that contradict", { align: { negatives: ["batch", "corpus"] } }, /align\.negatives: .*in the run with negatives corpus/], // prettier-ignore
    ["an unknown key that varies", { align: { sed: [0, 1] } }, /unknown key "sed" in align/],
    ["a list for a section", { align: [{}] }, /align: expected an object/],
    ["a list outside align and encoders", { split: { seed: [0, 1] } }, /split\.seed: expected a w/],
  ])("refuses %s, naming the key", (_, part, detail) => {
    expect(() => expandSweep({ ...minimal, ...part })).toThrow(invalid(detail));
  });

  it("stops at 500 runs and says how many there would be, without making them", () => {
    const seeds = (n: number) => ({ ...minimal, align: { seed: range(n) } });
    expect(expandSweep(seeds(MAX_SWEEP_RUNS)).recipes).toHaveLength(500);
    expect(() => expandSweep(seeds(501))).toThrow(invalid(/501 runs \(align\.seed × 501\)/));
    const huge = { ...minimal, align: { seed: range(1e5), dimension: range(1e5) } };
    expect(() => expandSweep(huge)).toThrow(invalid(/10000000000 runs/));
  });

  it.each([undefined, null, "recipe", 3, []])("refuses %j as resolveRecipe does", (value) => {
    expect(() => expandSweep(value)).toThrow(invalid(/^recipe: expected an object/));
  });

  it("pollutes nothing and survives deep nesting", () => {
    const hostile = '{"version":1,"data":{"sample":"emoji"},"align":{"__proto__":{"seed":[1,2]}}}';
    expect(() => parseSweep(hostile)).toThrow(invalid(/unknown key "__proto__"/));
    expect("seed" in {}).toBe(false);
    const deep = `${'{"a":'.repeat(5_000)}[1,2]${"}".repeat(5_000)}`;
    expect(() => parseSweep(`{"version":1,"data":{"sample":"e"},"align":${deep}}`)).toThrow(
      invalid(/unknown key "a"/),
    );
    expect(() => parseSweep("[")).toThrow(invalid(/not JSON/));
  });
});

it("names a point by its keys and values", () => {
  const at = { "align.learningRate": 0.003, "encoders.image.layer": null, "align.fuseMix": true };
  expect(pointName(at)).toBe("learningRate 0.003, image.layer null, fuseMix true");
  expect(pointName({})).toBe("");
});

describe("learning curves", () => {
  it.each([
    [1_300, [100, 300, 1_000, 1_300]],
    [12_000, [100, 300, 1_000, 3_000, 10_000, 12_000]],
    [11_000, [100, 300, 1_000, 3_000, 11_000]],
    [300, [100, 300]],
    [299, [10, 30, 100, 299]],
    [100, [10, 30, 100]],
    [11, [11]],
    [1, [1]],
    [0, []],
    [Number.NaN, []],
  ])("grow threefold up to %d pairs", (pairs, sizes) => {
    expect(learningCurveSizes(pairs)).toEqual(sizes);
  });

  it("are sweeps of seed, size and method with chance as the only baseline", () => {
    const base = defaultRecipe({ project: "p" });
    const { axes, recipes } = learningCurveSweep({
      base: { ...base, align: { ...base.align, seeds: 3, learningRate: 0.01 } },
      methods: ["linear", "ridge"],
      sizes: [100, "all"],
      seeds: [0, 1],
    });
    expect(axes.map(({ key }) => key)).toEqual(["align.seed", "align.trainOn", "align.method"]);
    expect(recipes).toHaveLength(8);
    expect(recipes.map(({ align }) => `${align.seed} ${String(align.trainOn)} ${align.method}`).slice(0, 4)).toEqual(["0 100 linear", "0 100 ridge", "0 all linear", "0 all ridge"]); // prettier-ignore
    for (const { align, evaluate } of recipes) {
      expect(align).toMatchObject({ seeds: 1, learningRate: 0.01 });
      expect(evaluate.baselines).toEqual(["chance"]);
    }
  });

  it("refuse to be drawn of nothing", () => {
    const base = defaultRecipe({ project: "p" });
    const curve = { base, methods: ["linear"] as const, sizes: [], seeds: [0] };
    expect(() => learningCurveSweep(curve)).toThrow(invalid(/align\.trainOn/));
  });
});
