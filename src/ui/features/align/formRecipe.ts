import { methodById } from "../../../core/catalogue/methods";
import type { MethodId } from "../../../core/domain/alignSettings";
import { alignedEncoders, type Project } from "../../../core/domain/project";
import { resolveRecipe, type Recipe } from "../../../core/domain/recipe";
import type { AlignForm } from "./alignForm";
import { applies } from "./formFields";

/**
 * The recipe a form stands for, on the project's own data and encoders, as JSON: a setting with
 * several values is a list of them, which makes it a sweep.
 */
export function recipeValueOf(form: AlignForm, project: Project, name: string) {
  return {
    version: 1,
    name,
    data: { project: project.id },
    split: project.data?.split ?? {},
    encoders: alignedEncoders(project),
    align: alignOf(form),
    evaluate: evaluateOf(form),
  };
}

/**
 * The one recipe of a form without lists.
 *
 * @throws AppError `recipe/invalid`, naming the field.
 */
export function recipeOf(form: AlignForm, project: Project, name: string): Recipe {
  return resolveRecipe(recipeValueOf(form, project, name));
}

/**
 * Every setting with the values it takes, most of them one. Unlike the recipe's JSON it says which
 * lists are sweeps, so that each value can be checked by itself.
 */
export function alignOf(form: AlignForm): Record<string, unknown> {
  const { structure } = form;
  /** Settings the chosen methods do not use must not multiply the runs. */
  const numbers = (key: Parameters<typeof applies>[0] & keyof AlignForm, word?: Words) =>
    numbersOf(String(form[key]), { ...word, firstOnly: !applies(key, form) });
  return {
    method: oneOrList([form.method, ...form.alsoMethods]),
    projectors: {
      image: oneOrList([form.projectors.image, ...form.alsoProjectors.image]),
      text: oneOrList([form.projectors.text, ...form.alsoProjectors.text]),
    },
    dimension: numbers("dimension"),
    expansion: numbers("expansion"),
    loss: form.loss,
    positives: form.positives,
    negatives: form.negatives,
    steps: numbers("steps", AUTO),
    batchSize: numbers("batchSize", AUTO),
    learningRate: numbers("learningRate"),
    weightDecay: numbers("weightDecay"),
    dropout: numbers("dropout", AUTO),
    gradientClip: numbers("gradientClip", { empty: null, words: { off: null, none: null } }),
    patience: numbers("patience", { empty: "auto", words: { auto: "auto", never: null } }),
    fuseMix: form.fuseMix === "auto" ? "auto" : form.fuseMix === "on",
    structure: structure.on
      ? {
          weight: numbersOf(structure.weight),
          divergence: structure.divergence,
          temperature: numbersOf(structure.temperature),
          levels: numbersOf(structure.levels),
          ramp: numbersOf(structure.ramp),
        }
      : null,
    trainOn: trainOnOf(form),
    seed: numbers("seed"),
    seeds: numbersOf(form.seeds),
  };
}

function evaluateOf(form: AlignForm) {
  const retrieval = numbersOf(form.retrieval);
  return {
    retrieval: Array.isArray(retrieval) ? retrieval : [retrieval],
    zeroShot: form.zeroShotLabel
      ? { label: form.zeroShotLabel, templates: form.templatePreset || linesOf(form.templates) }
      : null,
    csls: form.csls,
    baselines: form.baselines,
  };
}

function trainOnOf({ trainOn }: AlignForm): unknown {
  const { kind, pairs, column, names, perConcept } = trainOn;
  switch (kind) {
    case "all":
      return "all";
    case "pairs":
      return numbersOf(pairs, { words: { all: "all" } });
    case "column":
      return { concepts: column, perConcept: numbersOf(perConcept) };
    case "names":
      return { concepts: linesOf(names), perConcept: numbersOf(perConcept) };
  }
}

interface Words {
  /** What an empty field stands for; else its text, which the recipe refuses. */
  readonly empty?: unknown;
  readonly words?: Readonly<Record<string, unknown>>;
}

const AUTO: Words = { empty: "auto", words: { auto: "auto" } };

/**
 * What a field of numbers says: `0.003` → 0.003, `0.001, 0.003` → both, each value once. What is
 * no number stays text, so that the recipe can refuse it by name.
 */
export function numbersOf(
  text: string,
  { words = {}, firstOnly = false, ...rest }: Words & { readonly firstOnly?: boolean } = {},
): unknown {
  const parts = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length === 0) return "empty" in rest ? rest.empty : text;
  const values = [...new Set(parts.map((part) => valueOf(part, words)))];
  return firstOnly ? values[0] : oneOrList(values);
}

function valueOf(part: string, words: Readonly<Record<string, unknown>>): unknown {
  const word = part.toLowerCase();
  if (word in words) return words[word];
  const value = Number(part);
  return Number.isFinite(value) ? value : part;
}

const oneOrList = <T>(values: readonly T[]): T | readonly T[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : [...new Set(values)];

/** The method's name, or how many methods, numbered when a run or sweep has it already. */
export function runName(methods: readonly MethodId[], taken: readonly string[]): string {
  const [method = "auto"] = methods;
  const name =
    methods.length > 1 ? `${methods.length} methods` : (methodById(method)?.name ?? method);
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name} ${n}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

/** The lines that say something, trimmed. */
export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
