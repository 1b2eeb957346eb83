import { describe, expect, it } from "vitest";
import { METHODS } from "../../../src/core/catalogue/methods";
import {
  LOSS_CHOICES,
  METHOD_IDS,
  POSITIVES,
  PROJECTOR_CHOICES,
} from "../../../src/core/domain/alignSettings";
import { BASELINE_IDS } from "../../../src/core/domain/evaluation";
import { defaultRecipe, resolveRecipe, type Recipe } from "../../../src/core/domain/recipe";
import { formOf, type AlignForm } from "../../../src/ui/features/align/alignForm";
import { linesOf, numbersOf, recipeOf, runName } from "../../../src/ui/features/align/formRecipe";
import { adviceFor } from "../../../src/ui/features/align/MethodList";
import { withProjector } from "../../../src/ui/features/align/ProjectorSettings";
import { planOf } from "../../../src/ui/features/align/sweepForm";
import { sampleProject } from "../../support/samples";

const project = sampleProject();
const plain = defaultRecipe({ project: project.id });
const recipe = (align: object, evaluate: object = {}): Recipe =>
  resolveRecipe({ version: 1, name: "x", data: { project: project.id }, align, evaluate });
const form = (change: Partial<AlignForm> = {}): AlignForm => ({ ...formOf(plain), ...change });

/** Values of every key of `align` that differ from its default. */
const ALIGN_CASES: Record<keyof Recipe["align"], readonly object[]> = {
  method: METHOD_IDS.map((method) => ({ method })),
  projectors: PROJECTOR_CHOICES.flatMap((choice) => [
    { projectors: { image: choice, text: "linear" } },
    { projectors: { image: "auto", text: choice } },
  ]),
  dimension: [{ dimension: 64 }],
  expansion: [{ expansion: 7 }],
  loss: LOSS_CHOICES.map((loss) => ({ loss })),
  positives: POSITIVES.map((positives) => ({ positives })),
  negatives: [{ negatives: "corpus", projectors: { image: "identity" } }],
  steps: [{ steps: 17 }],
  batchSize: [{ batchSize: 64 }],
  learningRate: [{ learningRate: 1e-8 }, { learningRate: 0.0003 }],
  weightDecay: [{ weightDecay: 0 }],
  dropout: [{ dropout: 0.4 }, { dropout: 0 }],
  gradientClip: [{ gradientClip: null }, { gradientClip: 0.5 }],
  patience: [{ patience: null }, { patience: 40 }],
  fuseMix: [{ fuseMix: true }, { fuseMix: false }],
  structure: [
    { structure: true },
    {
      structure: {
        weight: 2,
        divergence: "jensen-shannon",
        temperature: 0.2,
        levels: 3,
        ramp: 0.5,
      },
    },
  ],
  trainOn: [
    { trainOn: 300 },
    { trainOn: { concepts: "category", perConcept: 5 } },
    { trainOn: { concepts: ["red fruit", "a dog"], perConcept: 2 } },
  ],
  seed: [{ seed: 12 }],
  seeds: [{ seeds: 3 }],
};

const EVALUATE_CASES = [
  { retrieval: [1, 20] },
  { retrieval: [3] },
  { csls: true },
  { baselines: [] },
  { baselines: [...BASELINE_IDS] },
  { zeroShot: { label: "category", templates: ["a {}", "one {}"] } },
  { zeroShot: { label: "category", templates: "clip-7" } },
];

describe("the form of a recipe", () => {
  it.each(
    Object.entries(ALIGN_CASES).flatMap(([key, cases]) => cases.map((c) => [key, c] as const)),
  )("gives back %s as it was: %j", (_, align) => {
    const before = recipe(align);
    expect(recipeOf(formOf(before), project, "x")).toEqual(before);
  });

  it.each(EVALUATE_CASES)("gives back what is evaluated: %j", (evaluate) => {
    const before = recipe({}, evaluate);
    expect(recipeOf(formOf(before), project, "x")).toEqual(before);
  });

  it("gives back the defaults", () => {
    expect(recipeOf(formOf(plain), project, plain.name)).toEqual(plain);
  });
});

describe("a field of numbers", () => {
  it("is one value, or each of several once", () => {
    expect(numbersOf("0.001")).toBe(0.001);
    expect(numbersOf(" 0.001, 0.003;0.001 ")).toEqual([0.001, 0.003]);
    expect(numbersOf("", { empty: "auto" })).toBe("auto");
    expect(numbersOf("100, ALL", { words: { all: "all" } })).toEqual([100, "all"]);
    expect(numbersOf("1, 2", { firstOnly: true })).toBe(1);
  });

  it("leaves what is no number as it was typed", () => {
    expect(numbersOf("fast")).toBe("fast");
    expect(numbersOf("")).toBe("");
    expect(numbersOf("Infinity")).toBe("Infinity");
  });
});

describe("the plan of a form", () => {
  it("is one run where every field has one value", () => {
    const { sweep } = planOf(form(), project, "x");
    expect(sweep?.recipes).toEqual([recipeOf(form(), project, "x")]);
    expect(sweep?.axes).toEqual([]);
  });

  it("is the product of what the fields list", () => {
    const { sweep } = planOf(form({ learningRate: "0.001, 0.003", seed: "0, 1, 2" }), project, "x");
    expect(sweep?.recipes).toHaveLength(6);
    expect(sweep?.axes.map(({ key }) => key)).toEqual(["align.learningRate", "align.seed"]);
  });

  it("runs a method once that does not use what is varied", () => {
    const both = form({ method: "linear", alsoMethods: ["csa"], learningRate: "0.001, 0.003" });
    const { sweep, repeats } = planOf(both, project, "x");
    expect(sweep?.recipes.map(({ align }) => align.method)).toEqual(["linear", "linear", "csa"]);
    expect(repeats).toBe(1);
  });

  it("does not multiply runs by settings that no chosen method uses", () => {
    const { sweep } = planOf(form({ method: "csa", learningRate: "0.001, 0.003" }), project, "x");
    expect(sweep?.recipes).toHaveLength(1);
  });

  it("trains on each of the sizes that are listed", () => {
    const trainOn = { ...form().trainOn, kind: "pairs", pairs: "100, 300, all" } as const;
    const { sweep } = planOf(form({ trainOn }), project, "x");
    expect(sweep?.recipes.map(({ align }) => align.trainOn)).toEqual([100, 300, "all"]);
  });

  it.each([
    [{ learningRate: "fast" }, "learningRate", /^Learning rate: expected a number .* got "fast"$/],
    [{ learningRate: "0.1, 7" }, "learningRate", /^Learning rate: .*learningRate 7$/],
    [{ steps: "-3" }, "steps", /^Steps: /],
    [{ seeds: "" }, "seeds", /^Seeds per run: /],
    [{ retrieval: "1, x" }, "retrieval", /^Recall at: /],
    [{ projectors: { image: "identity", text: "identity" } }, "projectors", /^Projectors: /],
    [{ zeroShotLabel: "category", templates: "a" }, "zeroShot.templates", /^Templates: /],
    [
      { trainOn: { ...formOf(plain).trainOn, kind: "names", names: " \n" } },
      "trainOn.concepts",
      /^Concepts: /,
    ],
    [
      { structure: { ...formOf(plain).structure, on: true, levels: "9" } },
      "structure.levels",
      /^STRUCTURE levels: /,
    ],
  ] as const)("names the field that is wrong: %j", (change, key, message) => {
    const { issue } = planOf(form(change as Partial<AlignForm>), project, "x");
    expect(issue?.key).toBe(key);
    expect(issue?.message).toMatch(message);
    expect(issue?.error.code).toBe("recipe/invalid");
  });
});

it("goes back to the batch's negatives when the last locked side is unlocked", () => {
  const locked = withProjector(form(), "image", "identity");
  const corpus = { ...locked, negatives: "corpus" } as const;
  expect(withProjector(corpus, "text", "linear").negatives).toBe("corpus");
  expect(withProjector(corpus, "image", "linear").negatives).toBe("batch");
});

it("advises closed forms where pairs are few, and says how many there are", () => {
  expect(adviceFor(320)).toMatch(/^With 320 training pairs closed forms are usually level/);
  expect(adviceFor(2_598)).toMatch(/^With 2,598 training pairs closed forms and trained heads/);
  expect(adviceFor(1)).toContain("With 1 training pair ");
  expect(adviceFor(0)).toBe("");
});

it("names a run after its method, numbered where the name is taken", () => {
  const csa = METHODS.find(({ id }) => id === "csa")?.name ?? "";
  expect(runName(["csa"], [csa])).toBe(`${csa} 2`);
  expect(runName(["csa", "ridge"], [csa])).toBe("2 methods");
  expect(linesOf(" a \n\n b")).toEqual(["a", "b"]);
});
