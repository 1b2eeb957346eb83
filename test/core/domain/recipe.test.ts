import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { METHODS } from "../../../src/core/catalogue/methods";
import { encoderById } from "../../../src/core/catalogue/encoders";
import { sampleById } from "../../../src/core/catalogue/samples";
import { defaultRecipe, parseRecipe, resolveRecipe } from "../../../src/core/domain/recipe";
import { METHOD_IDS } from "../../../src/core/domain/alignSettings";

const minimal = { version: 1, data: { sample: "emoji" } };
const invalid = (detail: string | RegExp) =>
  expect.objectContaining({
    code: "recipe/invalid",
    detail: expect.stringMatching(detail) as string, // vitest types its matchers as any
  });

describe("defaults", () => {
  it("fills in everything but version and data", () => {
    expect(resolveRecipe(minimal)).toEqual({
      version: 1,
      name: "untitled",
      data: { sample: "emoji" },
      split: { group: "auto", validation: 0.1, test: 0.1, seed: 0 },
      encoders: {
        image: { id: "efficientnet-lite0", pooling: "mean", layer: null },
        text: { id: "all-minilm-l6-v2", pooling: "mean", layer: null },
      },
      align: {
        method: "freeze-align",
        projectors: { image: "auto", text: "auto" },
        dimension: 512,
        expansion: 2,
        loss: "auto",
        positives: "sampled",
        negatives: "batch",
        steps: "auto",
        batchSize: "auto",
        learningRate: 0.001,
        weightDecay: 0.02,
        dropout: "auto",
        gradientClip: 1,
        patience: "auto",
        fuseMix: "auto",
        structure: null,
        trainOn: "all",
        seed: 0,
        seeds: 1,
      },
      evaluate: {
        retrieval: [1, 5, 10],
        zeroShot: null,
        csls: false,
        baselines: ["chance", "shuffled", "procrustes", "ridge", "csa"],
      },
    });
  });

  it("resolves a resolved recipe to itself", () => {
    const resolved = defaultRecipe({ project: "p1" });
    expect(resolveRecipe(resolved)).toEqual(resolved);
    expect(parseRecipe(JSON.stringify(resolved))).toEqual(resolved);
  });

  it("keeps what is given", () => {
    const given = { ...minimal, align: { method: "linear", steps: 20, fuseMix: false, seed: 7 } };
    expect(resolveRecipe(given).align).toMatchObject(given.align);
  });

  it("keeps the format and the roles of a path's columns, whatever they are called", () => {
    const data = {
      path: "data.zip",
      format: "class-folders",
      columns: { title: "caption", "Image Index": "file", constructor: "ignore" },
    };
    expect(resolveRecipe({ ...minimal, data }).data).toEqual(data);
    expect(resolveRecipe({ ...minimal, data: { path: "x" } }).data).toEqual({ path: "x" });
    const hostile = '{"version":1,"data":{"path":"x","columns":{"__proto__":"label"}}}';
    const parsed = parseRecipe(hostile).data;
    expect("columns" in parsed && Object.entries(parsed.columns ?? {})).toEqual([
      ["__proto__", "label"],
    ]);
  });

  it("names encoders and methods that exist", () => {
    const { encoders } = resolveRecipe(minimal);
    expect(encoderById(encoders.image.id).modality).toBe("image");
    expect(encoderById(encoders.text.id).modality).toBe("text");
    expect(METHODS.map(({ id }) => id).every((id) => METHOD_IDS.includes(id))).toBe(true);
  });
});

describe("refusals", () => {
  it.each([
    ["an unknown key", { ...minimal, aling: {} }, /unknown key "aling" in recipe; known keys: /],
    ["a nested unknown key", { ...minimal, split: { sed: 1 } }, /unknown key "sed" in split/],
    ["no version", { data: minimal.data }, /version: expected the number 1, got nothing/],
    ["a later version", { ...minimal, version: 2 }, /version: expected the number 1, got 2/],
    ["no data", { version: 1 }, /data: expected an object/],
    ["two sources of data", { version: 1, data: { sample: "a", path: "b" } }, /exactly one of/],
    ["no source of data", { version: 1, data: {} }, /exactly one of/],
    ["an unknown format", { ...minimal, data: { path: "b", format: "zip" } }, /data\.format: expected one of imagefolder, coco/], // prettier-ignore
    ["an unknown role", { ...minimal, data: { path: "b", columns: { a: "id" } } }, /data\.columns\.a: expected one of file/], // prettier-ignore
    ["a list of columns", { ...minimal, data: { path: "b", columns: ["a"] } }, /data\.columns: expected an object/], // prettier-ignore
    ["a format for a sample", { ...minimal, data: { sample: "emoji", format: "coco" } }, /data\.format: expected a path beside it/], // prettier-ignore
    ["columns for a project", { ...minimal, data: { project: "p", columns: {} } }, /data\.columns: expected a path beside it/], // prettier-ignore
    ["a list for an object", { ...minimal, split: [] }, /split: expected an object, got \[\]/],
    ["null for an object", { ...minimal, data: null }, /data: expected an object, got null/],
    ["text for a number", { ...minimal, split: { seed: "0" } }, /split\.seed: expected a whole/],
    [
      "splits that leave no training",
      { ...minimal, split: { validation: 0.5, test: 0.5 } },
      /below 1/,
    ],
    ["an unknown method", { ...minimal, align: { method: "clip" } }, /align\.method: expected one/],
    ["zero steps", { ...minimal, align: { steps: 0 } }, /align\.steps: expected a whole number/],
    ["half a step", { ...minimal, align: { steps: 1.5 } }, /align\.steps: expected a whole number/],
    ["a batch of one", { ...minimal, align: { batchSize: 1 } }, /align\.batchSize/],
    ["a learning rate of 0", { ...minimal, align: { learningRate: 0 } }, /align\.learningRate/],
    ["a list for csls", { ...minimal, evaluate: { csls: [] } }, /evaluate\.csls: expected true or false/], // prettier-ignore
    ["recall at 0", { ...minimal, evaluate: { retrieval: [1, 0] } }, /evaluate\.retrieval\[1\]/],
    ["no recall at all", { ...minimal, evaluate: { retrieval: [] } }, /evaluate\.retrieval/],
    ["an unknown baseline", { ...minimal, evaluate: { baselines: ["luck"] } }, /baselines\[0\]/],
    [
      "a template without {}",
      { ...minimal, evaluate: { zeroShot: { label: "c", templates: ["x"] } } },
      /\{\} in every/,
    ],
    [
      "no template",
      { ...minimal, evaluate: { zeroShot: { label: "c", templates: [] } } },
      /templates/,
    ],
    ["zero-shot without a label", { ...minimal, evaluate: { zeroShot: {} } }, /zeroShot\.label/],
    ["a text", "recipe", /recipe: expected an object/],
    ["nothing", undefined, /recipe: expected an object, got nothing/],
  ])("refuses %s, naming the key", (_, value, detail) => {
    expect(() => resolveRecipe(value)).toThrow(invalid(detail));
  });

  it("refuses NaN and infinity", () => {
    for (const learningRate of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => resolveRecipe({ ...minimal, align: { learningRate } })).toThrow(
        invalid(/align\.learningRate/),
      );
    }
  });

  it("refuses __proto__ as any unknown key and pollutes nothing", () => {
    for (const hostile of [
      '{"version":1,"data":{"sample":"emoji"},"__proto__":{"polluted":true}}',
      '{"version":1,"data":{"sample":"emoji"},"align":{"__proto__":{"polluted":true}}}',
      '{"version":1,"data":{"sample":"emoji"},"constructor":{"prototype":{"polluted":true}}}',
    ]) {
      expect(() => parseRecipe(hostile)).toThrow(invalid(/unknown key "(__proto__|constructor)"/));
    }
    expect("polluted" in {}).toBe(false);
  });

  it("quotes a long wrong value in short", () => {
    try {
      resolveRecipe({ ...minimal, version: "9".repeat(100_000) });
      expect.unreachable();
    } catch (thrown) {
      expect(String(thrown).length).toBeLessThan(300);
    }
  });

  it("says that a text is not JSON", () => {
    expect(() => parseRecipe("{")).toThrow(invalid(/not JSON/));
  });
});

it("ships an example that is a complete, runnable recipe", () => {
  const recipe = parseRecipe(readFileSync("public/recipes/emoji.json", "utf8"));
  expect(recipe.name).toBe("emoji, freeze-align head");
  // Every key there is, so that a reader sees them all.
  expect(JSON.parse(readFileSync("public/recipes/emoji.json", "utf8"))).toEqual(recipe);
  expect(recipe.evaluate.zeroShot).toEqual({
    label: "category",
    templates: ["a picture of {}"],
  });
  if (!("sample" in recipe.data)) throw new Error("the example names a sample");
  expect(sampleById(recipe.data.sample).path).toBe("samples/emoji.zip");
});
