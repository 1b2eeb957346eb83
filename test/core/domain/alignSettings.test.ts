import { describe, expect, it } from "vitest";
import {
  LOSS_CHOICES,
  METHOD_IDS,
  POSITIVES,
  PROJECTOR_CHOICES,
  rateBelow,
  resolveAlign,
} from "../../../src/core/domain/alignSettings";

const invalid = (detail: RegExp) =>
  expect.objectContaining({
    code: "recipe/invalid",
    detail: expect.stringMatching(detail) as string, // vitest types its matchers as any
  });
const STRUCTURE = { weight: 10, divergence: "code", temperature: 0.05, levels: 1, ramp: 0.1 };
const concepts = (part: object) => ({ trainOn: { concepts: "category", perConcept: 5, ...part } });

describe("every key", () => {
  it.each([
    ["method", METHOD_IDS],
    ["projectors.image", PROJECTOR_CHOICES],
    ["projectors.text", PROJECTOR_CHOICES],
    ["dimension", [1, 512, 4096]],
    ["expansion", [1, 16]],
    ["loss", LOSS_CHOICES],
    ["positives", POSITIVES],
    ["negatives", ["batch"]],
    ["steps", ["auto", 1, 1_000_000]],
    ["batchSize", ["auto", 2, 4096]],
    ["learningRate", [1e-8, 0.003, 1]],
    ["weightDecay", [0, 10]],
    ["dropout", ["auto", 0, 0.9]],
    ["gradientClip", [null, 1e-6, 1e6]],
    ["patience", [null, "auto", 1, 1_000_000]],
    ["fuseMix", ["auto", true, false]],
    ["structure", [null, STRUCTURE]],
    ["structure.weight", [0, 1e6]],
    ["structure.divergence", ["code", "jensen-shannon"]],
    ["structure.temperature", [0.001, 10]],
    ["structure.levels", [1, 2, 3]],
    ["structure.ramp", [0, 1]],
    ["trainOn", ["all", 2, 1e9]],
    ["seed", [0, Number.MAX_SAFE_INTEGER]],
    ["seeds", [1, 100]],
  ] as [string, unknown[]][])("%s keeps what is given, to the ends of its range", (key, values) => {
    for (const value of values) {
      const resolved = resolveAlign(nested(key, value));
      expect(valueAt(resolved, key), `${key} = ${JSON.stringify(value)}`).toEqual(value);
      expect(resolveAlign(resolved)).toEqual(resolved);
    }
  });

  it("has the same keys in the same order however little is given", () => {
    expect(Object.keys(resolveAlign({ seed: 1 }))).toEqual(Object.keys(resolveAlign({})));
  });
});

describe("STRUCTURE", () => {
  it.each([
    [undefined, null],
    [null, null],
    [false, null],
    [true, STRUCTURE],
    [{}, STRUCTURE],
    [
      { weight: 2, levels: 3 },
      { ...STRUCTURE, weight: 2, levels: 3 },
    ],
  ])("%j stands for %j", (given, settings) => {
    expect(resolveAlign({ structure: given }).structure).toEqual(settings);
  });
});

describe("trainOn", () => {
  it("takes a label column or names, with a number for each", () => {
    expect(resolveAlign(concepts({})).trainOn).toEqual({ concepts: "category", perConcept: 5 });
    expect(resolveAlign(concepts({ concepts: ["cat", "dog"] })).trainOn).toEqual({
      concepts: ["cat", "dog"],
      perConcept: 5,
    });
  });
});

describe("refusals", () => {
  it.each([
    [{ method: "clip" }, /^align\.method: expected one of auto, freeze-align/],
    [{ projectors: { image: "mlp" } }, /^align\.projectors\.image: expected one of/],
    [{ projectors: { audio: "linear" } }, /unknown key "audio" in align\.projectors/],
    [{ projectors: "linear" }, /^align\.projectors: expected an object/],
    [{ dimension: 0 }, /^align\.dimension: expected a whole number from 1 to 4096, got 0/],
    [{ dimension: 4097 }, /^align\.dimension/],
    [{ expansion: 17 }, /^align\.expansion/],
    [{ loss: "triplet" }, /^align\.loss: expected one of auto, infonce, sigmoid/],
    [{ positives: "all" }, /^align\.positives/],
    [{ negatives: "hard" }, /^align\.negatives/],
    [{ steps: 1_000_001 }, /^align\.steps/],
    [{ batchSize: 4097 }, /^align\.batchSize/],
    [{ learningRate: 1.1 }, /^align\.learningRate/],
    [{ weightDecay: -1 }, /^align\.weightDecay/],
    [{ dropout: 0.91 }, /^align\.dropout/],
    [{ gradientClip: 0 }, /^align\.gradientClip/],
    [{ gradientClip: "auto" }, /^align\.gradientClip/],
    [{ patience: 0 }, /^align\.patience/],
    [{ fuseMix: "on" }, /^align\.fuseMix: expected true or false/],
    [{ structure: { wait: 1 } }, /unknown key "wait" in align\.structure/],
    [{ structure: { levels: 4 } }, /^align\.structure\.levels/],
    [{ structure: { temperature: 0 } }, /^align\.structure\.temperature/],
    [{ structure: { divergence: "kl" } }, /^align\.structure\.divergence/],
    [{ structure: 10 }, /^align\.structure: expected an object/],
    [{ trainOn: 1 }, /^align\.trainOn: expected a whole number from 2/],
    [{ trainOn: 2.5 }, /^align\.trainOn/],
    [{ trainOn: "some" }, /^align\.trainOn: expected an object/],
    [{ trainOn: { concepts: "category" } }, /^align\.trainOn\.perConcept/],
    [concepts({ perConcept: 0 }), /^align\.trainOn\.perConcept/],
    [concepts({ concepts: [] }), /^align\.trainOn\.concepts: expected at least one/],
    [concepts({ concepts: ["cat", ""] }), /^align\.trainOn\.concepts\[1\]/],
    [concepts({ concepts: 5 }), /^align\.trainOn\.concepts/],
    [concepts({ per: 5 }), /unknown key "per" in align\.trainOn/],
    [{ seed: -1 }, /^align\.seed/],
    [{ seed: 2 ** 53 }, /^align\.seed/],
    [{ seeds: 0 }, /^align\.seeds/],
    [{ seeds: 101 }, /^align\.seeds/],
    [{ sead: 1 }, /unknown key "sead" in align/],
  ] as [object, RegExp][])("%j names its key", (given, detail) => {
    expect(() => resolveAlign(given)).toThrow(invalid(detail));
  });

  it("takes no NaN, infinity or text for any number", () => {
    const keys =
      "dimension expansion steps batchSize learningRate weightDecay dropout gradientClip";
    for (const key of [...keys.split(" "), "patience", "trainOn", "seed", "seeds"]) {
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, "1", true]) {
        expect(() => resolveAlign({ [key]: value }), `${key} = ${value}`).toThrow(
          invalid(new RegExp(`^align\\.${key}`)),
        );
      }
    }
  });
});

describe("contradictions", () => {
  const locked = { image: "identity", text: "identity" };
  const corpus = { projectors: { image: "identity" }, negatives: "corpus" };
  it.each([
    ["two locked sides", { projectors: locked }, /^align\.projectors: .*trained/],
    ["corpus negatives where both sides move", { negatives: "corpus" }, /^align\.negatives/],
    ["a sigmoid over a corpus", { ...corpus, loss: "sigmoid" }, /^align\.loss/],
    ["masked positives over a corpus", { ...corpus, positives: "masked" }, /^align\.positives/],
    ["soft positives over a corpus", { ...corpus, positives: "soft" }, /^align\.positives/],
    ["FuseMix over a corpus", { ...corpus, fuseMix: true }, /^align\.fuseMix/],
    ["FuseMix with masked positives", { positives: "masked", fuseMix: true }, /^align\.fuseMix/],
    ["FuseMix with soft positives", { positives: "soft", fuseMix: true }, /^align\.fuseMix/],
    ["FuseMix with several captions", { positives: "several", fuseMix: true }, /^align\.fuseMix/],
  ])("refuses %s", (_, given, detail) => {
    expect(() => resolveAlign(given)).toThrow(invalid(detail));
  });

  it.each([
    { projectors: { image: "identity" }, negatives: "corpus" },
    { projectors: { text: "identity" }, negatives: "corpus" },
    { ...corpus, positives: "several", fuseMix: "auto" },
    { positives: "masked", fuseMix: "auto" },
    { positives: "sampled", fuseMix: true },
  ])("allows %j", (given) => {
    expect(resolveAlign(given)).toMatchObject(given);
  });
});

function nested(path: string, value: unknown): Record<string, unknown> {
  const [key = "", rest] = path.split(".");
  return { [key]: rest === undefined ? value : nested(rest, value) };
}

function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce((at, key) => (at as Record<string, unknown>)[key], value);
}

it("proposes a third of a learning rate, to one digit", () => {
  expect([1, 0.001, 3e-8].map(rateBelow)).toEqual([0.3, 0.0003, 1e-8]);
});
