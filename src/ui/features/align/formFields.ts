import { methodById } from "../../../core/catalogue/methods";
import type { MethodId } from "../../../core/domain/alignSettings";
import type { AlignForm } from "./alignForm";

/** The settings that are typed as text, in the order of the form. */
export type TextKey =
  | "dimension"
  | "expansion"
  | "steps"
  | "batchSize"
  | "learningRate"
  | "weightDecay"
  | "dropout"
  | "gradientClip"
  | "patience"
  | "seed"
  | "seeds"
  | "retrieval";

/** A setting as the form shows it: its name and what it means. */
export interface FieldText {
  readonly name: string;
  readonly explanation: string;
  /** Shown while the field is empty. */
  readonly placeholder?: string;
}

/** Names and meanings of the settings that are typed. */
export const TEXT_FIELDS = {
  dimension: {
    name: "Dimension",
    explanation:
      "Width of the shared space. Both sides are projected to it; a locked side decides it instead.",
  },
  expansion: {
    name: "Expansion",
    explanation: "Hidden width of SAIL's gated head, as a multiple of its input.",
  },
  steps: {
    name: "Steps",
    explanation: "Batches to train on. Left empty, it is chosen from the number of pairs.",
    placeholder: "auto",
  },
  batchSize: {
    name: "Batch size",
    explanation:
      "Pairs per step; the others in the batch are the wrong answers. Empty: from the number of pairs.",
    placeholder: "auto",
  },
  learningRate: {
    name: "Learning rate",
    explanation: "Peak of a schedule that warms up, then falls along a cosine.",
  },
  weightDecay: {
    name: "Weight decay",
    explanation: "How strongly AdamW pulls the weight matrices towards zero.",
  },
  dropout: {
    name: "Dropout",
    explanation:
      "Share of the inputs set to zero in every training step, against learning by heart.",
    placeholder: "auto",
  },
  gradientClip: {
    name: "Gradient clip",
    explanation:
      "Longest gradient (L2 norm) of one side in one step; longer ones are shortened to it. Empty: never.",
    placeholder: "off",
  },
  patience: {
    name: "Patience",
    explanation:
      "Training ends after this many steps without a better validation score. “never”: it runs to the last step. The best checkpoint is kept either way.",
    placeholder: "auto",
  },
  seed: {
    name: "Seed",
    explanation: "Fixes every random choice: the same seed and data give the same run.",
  },
  seeds: {
    name: "Seeds per run",
    explanation:
      "Trains this many times, with seed, seed + 1 and so on. The best on validation is kept; the results say how much they vary.",
  },
  retrieval: {
    name: "Recall at",
    explanation: "The k of recall@k, separated by commas.",
  },
} as const satisfies Record<TextKey, FieldText>;

/** Names of the settings that are chosen, for their labels and for messages. */
export const CHOICE_NAMES: Readonly<Record<string, string>> = {
  method: "Method",
  "projectors.image": "Image projector",
  "projectors.text": "Text projector",
  projectors: "Projectors",
  loss: "Loss",
  positives: "Several captions",
  negatives: "Negatives",
  fuseMix: "FuseMix",
  structure: "STRUCTURE",
  "structure.weight": "STRUCTURE weight",
  "structure.temperature": "STRUCTURE temperature",
  "structure.levels": "STRUCTURE levels",
  "structure.ramp": "STRUCTURE ramp",
  trainOn: "Train on",
  "trainOn.concepts": "Concepts",
  "trainOn.perConcept": "Pairs per concept",
  "zeroShot.label": "Zero-shot labels",
  "zeroShot.templates": "Templates",
  baselines: "Baselines",
};

const TRAINED_ONLY: ReadonlySet<string> = new Set([
  "projectors",
  "steps",
  "batchSize",
  "learningRate",
  "weightDecay",
  "dropout",
  "gradientClip",
  "patience",
  "loss",
  "positives",
  "negatives",
  "fuseMix",
  "structure",
]);

/** Every method the form asks for, the chosen one first. */
export function methodsOf({ method, alsoMethods }: AlignForm): readonly MethodId[] {
  return [method, ...alsoMethods.filter((other) => other !== method)];
}

/** Whether steps are taken at all; `auto` trains heads too. */
export function isTrained(method: MethodId): boolean {
  return methodById(method)?.kind !== "closed-form";
}

/** Whether one side of the form's projectors is locked: it stays as the encoder made it. */
export function isLocked({ projectors, alsoProjectors }: AlignForm): boolean {
  return [
    projectors.image,
    projectors.text,
    ...alsoProjectors.image,
    ...alsoProjectors.text,
  ].includes("identity");
}

/** Whether a setting changes anything for one of the form's methods. */
export function applies(key: string, form: AlignForm): boolean {
  const methods = methodsOf(form);
  if (key === "dimension") return methods.some((method) => method !== "asif");
  if (key === "expansion") return methods.includes("sail") || (trains(form) && hasSailSide(form));
  return trains(form) || !TRAINED_ONLY.has(key);
}

/** Whether a setting changes anything for this method, its projectors left to the method. */
export function appliesTo(key: string, method: MethodId): boolean {
  return isTrained(method) || !(TRAINED_ONLY.has(key) || key === "expansion");
}

const trains = (form: AlignForm) => methodsOf(form).some(isTrained);

const hasSailSide = ({ projectors, alsoProjectors }: AlignForm) =>
  [...Object.values(projectors), ...Object.values(alsoProjectors).flat()].includes("sail");
