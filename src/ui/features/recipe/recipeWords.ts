import { methodById } from "../../../core/catalogue/methods";
import type { AlignSettings, MethodId, ProjectorChoice } from "../../../core/domain/alignSettings";
import type { Recipe } from "../../../core/domain/recipe";
import type { Sweep } from "../../../core/domain/sweep";
import { BASELINE_NAMES } from "../../components/baselineNames";
import { formatCount, formatNumberOf, formatPercent } from "../../components/formatting";

/** One line of what a recipe will do. */
export interface PreviewRow {
  readonly term: string;
  readonly words: string;
}

const PROJECTOR_WORDS: Readonly<Record<ProjectorChoice, string>> = {
  auto: "the method's own",
  linear: "linear",
  "freeze-align": "freeze-align",
  sail: "SAIL gated",
  "low-rank": "residual low-rank",
  identity: "locked",
};

const POSITIVE_WORDS: Readonly<Record<AlignSettings["positives"], string>> = {
  sampled: "one at random per batch",
  masked: "drawn freely, never each other's negatives",
  soft: "drawn freely, sharing the target",
  several: "two at a time",
};

/**
 * What a recipe does between its encoders and its numbers, in words; a key that varies shows all of
 * its values. Settings at their defaults that few would look for are left out.
 */
export function previewRows({ recipes, axes }: Sweep): PreviewRow[] {
  const recipe = recipes[0];
  if (!recipe) return [];
  const varied = (key: string) => axes.find((axis) => axis.key === key)?.values;
  const say = (key: string, plain: string) => varied(key)?.join(" / ") ?? plain;
  return [
    ...sweepRow({ recipes, axes }),
    { term: "Method", words: methodWords(recipe, varied("align.method")) },
    ...detailRows(recipe, say),
    { term: "Training", words: trainingWords(recipe.align, say) },
    ...trainOnRow(recipe.align, say),
    { term: "Measures", words: measureWords(recipe) },
    {
      term: "Baselines",
      words: recipe.evaluate.baselines.map((id) => BASELINE_NAMES[id]).join(", ") || "none",
    },
  ];
}

type Say = (key: string, plain: string) => string;

function sweepRow({ recipes, axes }: Pick<Sweep, "recipes" | "axes">): PreviewRow[] {
  if (axes.length === 0) return [];
  const factors = axes.map(({ key, values }) => `${key} ${values.join(", ")}`);
  const runs = formatNumberOf(recipes.length, "run");
  return [{ term: "Sweep", words: `${runs}, one after the other: ${factors.join(" × ")}` }];
}

function methodWords({ align }: Recipe, varied: readonly unknown[] | undefined): string {
  const nameOf = (id: unknown) => methodById(id as MethodId)?.name ?? String(id);
  return (varied ?? [align.method]).map(nameOf).join(", ");
}

function detailRows({ align }: Recipe, say: Say): PreviewRow[] {
  const projector = (side: "image" | "text") =>
    say(`align.projectors.${side}`, PROJECTOR_WORDS[align.projectors[side]]);
  const { structure } = align;
  const rows: readonly [term: string, words: string, usual: string][] = [
    [
      "Projectors",
      `${projector("image")} (images), ${projector("text")} (texts)`,
      "the method's own (images), the method's own (texts)",
    ],
    ["Loss", say("align.loss", align.loss), "auto"],
    ["Several captions", say("align.positives", POSITIVE_WORDS[align.positives]), POSITIVE_WORDS.sampled], // prettier-ignore
    ["Negatives", say("align.negatives", align.negatives), "batch"],
    ["STRUCTURE", say("align.structure", structure ? structureWords(structure, say) : ""), ""],
    ["Dropout", say("align.dropout", String(align.dropout)), "auto"],
    ["Gradient norm", say("align.gradientClip", align.gradientClip === null ? "not clipped" : `at most ${align.gradientClip}`), "at most 1"], // prettier-ignore
    ["Early stopping", say("align.patience", patienceWords(align.patience)), "auto"],
  ];
  return rows
    .filter(([, words, usual]) => words !== usual)
    .map(([term, words]) => ({ term, words }));
}

function structureWords(
  { weight, divergence, temperature, levels, ramp }: NonNullable<AlignSettings["structure"]>,
  say: Say,
): string {
  const at = (key: string, plain: unknown) => say(`align.structure.${key}`, String(plain));
  return (
    `weight ${at("weight", weight)}, ${at("divergence", divergence)}, temperature ` +
    `${at("temperature", temperature)}, levels ${at("levels", levels)}, ramp ${at("ramp", ramp)}`
  );
}

function patienceWords(patience: AlignSettings["patience"]): string {
  if (patience === null) return "none";
  return patience === "auto"
    ? "auto"
    : `after ${formatCount(patience)} steps without a better score`;
}

function trainingWords(align: AlignSettings, say: Say): string {
  const isTrained = methodById(align.method)?.kind !== "closed-form";
  const count = (key: "steps" | "batchSize", automatic: string, words: (n: string) => string) => {
    const value = align[key];
    return say(`align.${key}`, "") !== ""
      ? words(say(`align.${key}`, ""))
      : value === "auto"
        ? automatic
        : words(formatCount(value));
  };
  const seeds = say(
    "align.seed",
    align.seeds === 1 ? String(align.seed) : `${align.seed} to ${align.seed + align.seeds - 1}`,
  );
  return [
    ...(isTrained
      ? [
          count("steps", "steps from the number of pairs", (n) => `${n} steps`),
          count("batchSize", "automatic batches", (n) => `batches of ${n}`),
          `learning rate ${say("align.learningRate", String(align.learningRate))}`,
          `weight decay ${say("align.weightDecay", String(align.weightDecay))}`,
        ]
      : ["closed form"]),
    `${say("align.dimension", formatCount(align.dimension))} dimensions`,
    `seed ${seeds}`,
  ].join(", ");
}

function trainOnRow({ trainOn }: AlignSettings, say: Say): PreviewRow[] {
  const words = say("align.trainOn", trainOnWords(trainOn, say));
  return words === "" ? [] : [{ term: "Trains on", words }];
}

function trainOnWords(trainOn: AlignSettings["trainOn"], say: Say): string {
  if (trainOn === "all") return "";
  if (typeof trainOn === "number") return formatNumberOf(trainOn, "unrelated training pair");
  const { concepts } = trainOn;
  const each = say("align.trainOn.perConcept", formatCount(trainOn.perConcept));
  return typeof concepts === "string"
    ? `${each} pairs of every value of “${concepts}”, rare ones first`
    : `${each} pairs of each of ${formatNumberOf(concepts.length, "concept")} (${concepts.join(", ")}), rare ones first`;
}

function measureWords({ evaluate }: Recipe): string {
  const { zeroShot } = evaluate;
  return [
    `recall@${evaluate.retrieval.join(", @")} on the test set, both directions, with 95 % intervals`,
    ...(evaluate.csls ? ["the same corrected for hubs (CSLS)"] : []),
    ...(zeroShot ? [`zero-shot classification by “${zeroShot.label}” with ${templateWords(zeroShot.templates)}`] : []), // prettier-ignore
  ].join("; ");
}

function templateWords(templates: string | readonly string[]): string {
  return typeof templates === "string"
    ? `the templates “${templates}”`
    : formatNumberOf(templates.length, "template");
}

/** Split shares and what keeps pairs together. */
export function splitWords({ split }: Recipe): string {
  const group = split.group === "auto" ? "recognised group" : `column “${split.group}”`;
  return (
    `${formatPercent(split.validation, 0)} validation, ${formatPercent(split.test, 0)} test, by ` +
    `${group}, seed ${split.seed}; a split column in the data wins`
  );
}
