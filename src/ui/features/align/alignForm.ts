import { METHODS } from "../../../core/catalogue/methods";
import type { BaselineId } from "../../../core/domain/evaluation";
import type { Project } from "../../../core/domain/project";
import type { MethodId } from "../../../core/domain/alignSettings";
import { DEFAULT_TEMPLATES, resolveRecipe, type Recipe } from "../../../core/domain/recipe";

/** The Align form as the visitor typed it: texts, so that nothing typed is lost. */
export interface AlignForm {
  readonly method: MethodId;
  readonly dimension: string;
  /** Empty: chosen from the number of pairs. */
  readonly steps: string;
  /** Empty: chosen from the number of pairs. */
  readonly batchSize: string;
  readonly learningRate: string;
  readonly weightDecay: string;
  readonly fuseMix: "auto" | "on" | "off";
  readonly seed: string;
  /** Label column to classify by after training, or empty. */
  readonly zeroShotLabel: string;
  /** One per line. */
  readonly templates: string;
  readonly baselines: readonly BaselineId[];
}

/** A recipe's settings as the form shows them. */
export function formOf({ align, evaluate }: Recipe): AlignForm {
  const { fuseMix, steps, batchSize } = align;
  return {
    method: align.method,
    dimension: String(align.dimension),
    steps: steps === "auto" ? "" : String(steps),
    batchSize: batchSize === "auto" ? "" : String(batchSize),
    learningRate: String(align.learningRate),
    weightDecay: String(align.weightDecay),
    fuseMix: fuseMix === "auto" ? "auto" : fuseMix ? "on" : "off",
    seed: String(align.seed),
    zeroShotLabel: evaluate.zeroShot?.label ?? "",
    templates: (evaluate.zeroShot?.templates ?? DEFAULT_TEMPLATES).join("\n"),
    baselines: evaluate.baselines,
  };
}

/**
 * The recipe a form stands for, on the project's own data and encoders.
 *
 * @throws AppError `recipe/invalid`, naming the field.
 */
export function recipeOf(form: AlignForm, project: Project, name: string): Recipe {
  const number = (text: string) => (text.trim() === "" ? null : Number(text));
  return resolveRecipe({
    version: 1,
    name,
    data: { project: project.id },
    split: project.data?.split ?? {},
    encoders: project.encoders,
    align: {
      method: form.method,
      dimension: number(form.dimension) ?? form.dimension,
      steps: number(form.steps) ?? "auto",
      batchSize: number(form.batchSize) ?? "auto",
      learningRate: number(form.learningRate) ?? form.learningRate,
      weightDecay: number(form.weightDecay) ?? form.weightDecay,
      fuseMix: form.fuseMix === "auto" ? "auto" : form.fuseMix === "on",
      seed: number(form.seed) ?? form.seed,
    },
    evaluate: {
      retrieval: [1, 5, 10],
      zeroShot: form.zeroShotLabel
        ? { label: form.zeroShotLabel, templates: linesOf(form.templates) }
        : null,
      baselines: form.baselines,
    },
  });
}

/** The method's name, numbered when a run has it already. */
export function runName(method: MethodId, taken: readonly string[]): string {
  const name = METHODS.find(({ id }) => id === method)?.name ?? method;
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
