import { isPromptPreset, PROMPT_PRESETS, type TemplateChoice } from "../catalogue/promptTemplates";
import { AppError } from "../errors";
import { resolveAlign, type AlignSettings } from "./alignSettings";
import { BASELINE_IDS, type BaselineId } from "./evaluation";
import type { ColumnRole, SplitSpec } from "./dataset";
import { POOLINGS, type EmbeddingChoice } from "./encoder";
import type { AlignedModality } from "./modality";
import {
  boolean,
  dictionary,
  fail,
  integer,
  list,
  number,
  object,
  oneOf,
  text,
} from "./recipeValues";
import { FORMAT_IDS, type FormatId } from "./importFormat";

/** Where a recipe's pairs come from. */
export type RecipeData =
  | { readonly sample: string }
  | {
      readonly path: string;
      /** What the files are, where recognition should not decide. */
      readonly format?: FormatId;
      /** Roles that differ from the guessed ones, by column. */
      readonly columns?: Readonly<Record<string, ColumnRole>>;
    }
  | { readonly project: string };

export interface EvaluateSettings {
  readonly retrieval: readonly number[];
  readonly zeroShot: { readonly label: string; readonly templates: TemplateChoice } | null;
  /** Also report retrieval corrected for hubs (CSLS, k = 10). */
  readonly csls: boolean;
  readonly baselines: readonly BaselineId[];
}

/** A declarative experiment, version 1, with every default filled in ("resolved"). */
export interface Recipe {
  readonly version: 1;
  readonly name: string;
  readonly data: RecipeData;
  readonly split: SplitSpec;
  readonly encoders: Readonly<Record<AlignedModality, EmbeddingChoice>>;
  readonly align: AlignSettings;
  readonly evaluate: EvaluateSettings;
}

export const DEFAULT_TEMPLATES = ["a picture of {}"] as const;

/** The recipe a new project starts from. */
export function defaultRecipe(data: RecipeData): Recipe {
  return resolveRecipe({ version: 1, data });
}

/**
 * A parsed JSON value as a recipe, defaults filled in.
 *
 * @throws AppError `recipe/invalid`, naming the key and what was expected; unknown keys included.
 */
export function resolveRecipe(value: unknown): Recipe {
  const root = object(value, "recipe", [
    "version",
    "name",
    "data",
    "split",
    "encoders",
    "align",
    "evaluate",
  ]);
  if (root["version"] !== 1) fail("version", "the number 1", root["version"]);
  const split = object(root["split"] ?? {}, "split", ["group", "validation", "test", "seed"]);
  const encoders = object(root["encoders"] ?? {}, "encoders", ["image", "text"]);
  const evaluate = object(root["evaluate"] ?? {}, "evaluate", [
    "retrieval",
    "zeroShot",
    "csls",
    "baselines",
  ]);
  const validation = number(split["validation"] ?? 0.1, "split.validation", 0, 0.9);
  const test = number(split["test"] ?? 0.1, "split.test", 0, 0.9);
  if (validation + test >= 1) fail("split", "validation + test below 1", validation + test);
  return {
    version: 1,
    name: text(root["name"] ?? "untitled", "name"),
    data: dataOf(root["data"]),
    split: {
      group: text(split["group"] ?? "auto", "split.group"),
      validation,
      test,
      seed: integer(split["seed"] ?? 0, "split.seed", 0),
    },
    encoders: {
      image: encoder(encoders["image"] ?? {}, "encoders.image", "efficientnet-lite0"),
      text: encoder(encoders["text"] ?? {}, "encoders.text", "all-minilm-l6-v2"),
    },
    align: resolveAlign(root["align"] ?? {}),
    evaluate: {
      retrieval: list(evaluate["retrieval"] ?? [1, 5, 10], "evaluate.retrieval", (v, key) =>
        integer(v, key, 1, 1000),
      ),
      zeroShot: zeroShotOf(evaluate["zeroShot"]),
      csls: boolean(evaluate["csls"] ?? false, "evaluate.csls"),
      baselines: list(
        evaluate["baselines"] ?? ["chance", "shuffled", "procrustes", "ridge", "csa"],
        "evaluate.baselines",
        (v, key) => oneOf(v, key, BASELINE_IDS),
        { mayBeEmpty: true },
      ),
    },
  };
}

/**
 * Parses recipe JSON.
 *
 * @throws AppError `recipe/invalid` when it is not JSON or not a recipe.
 */
export function parseRecipe(json: string): Recipe {
  return resolveRecipe(parseRecipeJson(json));
}

/**
 * The value a recipe's text stands for, whether it is a recipe or not.
 *
 * @throws AppError `recipe/invalid` when it is not JSON.
 */
export function parseRecipeJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (cause) {
    throw new AppError("recipe/invalid", `not JSON: ${String(cause)}`, { cause });
  }
}

function dataOf(value: unknown): RecipeData {
  const data = object(value, "data", ["sample", "path", "project", "format", "columns"]);
  const keys = Object.keys(data).filter((key) => key !== "format" && key !== "columns");
  if (keys.length !== 1) fail("data", "exactly one of sample, path, project", keys.join(", "));
  if ("path" in data) return pathOf(data);
  for (const key of ["format", "columns"]) {
    if (key in data) fail(`data.${key}`, "a path beside it", data[key]);
  }
  if ("sample" in data) return { sample: text(data["sample"], "data.sample") };
  return { project: text(data["project"], "data.project") };
}

const COLUMN_ROLES = [
  ...(["file", "caption", "group", "split", "label", "ignore"] as const),
  ...(["image-vectors", "text-vectors"] as const),
] as const satisfies readonly ColumnRole[];

function pathOf(data: Record<string, unknown>): RecipeData {
  const { format, columns } = data;
  const roles = columns === undefined ? null : Object.entries(dictionary(columns, "data.columns"));
  return {
    path: text(data["path"], "data.path"),
    ...(format !== undefined && { format: oneOf(format, "data.format", FORMAT_IDS) }),
    ...(roles && {
      columns: Object.fromEntries(
        roles.map(([name, role]) => [name, oneOf(role, `data.columns.${name}`, COLUMN_ROLES)]),
      ),
    }),
  };
}

function encoder(value: unknown, key: string, fallback: string): EmbeddingChoice {
  const choice = object(value, key, ["id", "pooling", "layer"]);
  const layer = choice["layer"] ?? null;
  return {
    id: text(choice["id"] ?? fallback, `${key}.id`),
    pooling: oneOf(choice["pooling"] ?? "mean", `${key}.pooling`, POOLINGS),
    layer: layer === null ? null : text(layer, `${key}.layer`),
  };
}

function zeroShotOf(value: unknown): EvaluateSettings["zeroShot"] {
  if (value === null || value === undefined) return null;
  const settings = object(value, "evaluate.zeroShot", ["label", "templates"]);
  return {
    label: text(settings["label"], "evaluate.zeroShot.label"),
    templates: templateChoice(settings["templates"] ?? DEFAULT_TEMPLATES),
  };
}

function templateChoice(value: unknown): TemplateChoice {
  const key = "evaluate.zeroShot.templates";
  if (isPromptPreset(value)) return value;
  if (!Array.isArray(value)) fail(key, `a list, or one of ${PROMPT_PRESETS.join(", ")}`, value);
  const templates = list(value, key, text);
  const broken = templates.find((template) => !template.includes("{}"));
  if (broken !== undefined) fail(key, "{} in every template", broken);
  return templates;
}
