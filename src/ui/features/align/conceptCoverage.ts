import type { Item, Pair } from "../../../core/domain/dataset";
import type { Estimate } from "../../../core/domain/evaluation";
import { DEFAULT_TEMPLATES, type Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import type { StoredSweep } from "../../../core/domain/storedSweep";
import { expandSweep, type Sweep } from "../../../core/domain/sweep";

/** Values of a label column among the training images, in alphabetical order. */
export function trainingConcepts(
  images: readonly Item[],
  pairs: readonly Pair[],
  column: string,
): string[] {
  const values = new Set<string>();
  for (const { split, excluded, image } of pairs) {
    if (split !== "train" || excluded !== undefined || image === undefined) continue;
    const value = images[image]?.labels?.[column];
    if (value) values.add(value);
  }
  return [...values].sort((a, b) => a.localeCompare(b));
}

/** A balanced training set that is to be compared with a random one. */
export interface CoverageRequest {
  /** Everything but what is trained on and classified by. */
  readonly base: Recipe;
  /** A label column, or names. */
  readonly concepts: string | readonly string[];
  readonly perConcept: number;
  /** How many concepts that are. */
  readonly count: number;
  /** Training pairs that share no item. */
  readonly unrelated: number;
  /** Label column to classify by, or empty. */
  readonly label: string;
}

/** Unrelated pairs a balanced choice takes: every concept its share, while there are any. */
export function coverageSize({
  count,
  perConcept,
  unrelated,
}: Pick<CoverageRequest, "count" | "perConcept" | "unrelated">): number {
  return Math.min(count * perConcept, unrelated);
}

/**
 * Two runs that differ in their training pairs only: every concept its share, and as many at random.
 *
 * @throws AppError `recipe/invalid`, naming the key.
 */
export function coverageSweep(request: CoverageRequest): Sweep {
  const { base, concepts, perConcept, label } = request;
  const templates = base.evaluate.zeroShot?.templates ?? DEFAULT_TEMPLATES;
  return expandSweep({
    ...base,
    name: "Concepts or random",
    align: { ...base.align, trainOn: [{ concepts, perConcept }, coverageSize(request)] },
    evaluate: { ...base.evaluate, zeroShot: label ? { label, templates } : null },
  });
}

/** A balanced run and the random one of its size. */
export interface CoverageComparison {
  readonly id: string;
  readonly concepts: Run;
  readonly random: Run;
}

/** The comparisons among a project's sweeps, newest first. */
export function comparisonsAmong(sweeps: readonly StoredSweep[]): CoverageComparison[] {
  return sweeps.flatMap(({ id, runs }) => {
    const concepts = runs.find(({ recipe }) => typeof recipe.align.trainOn === "object");
    const random = runs.find(({ recipe }) => typeof recipe.align.trainOn === "number");
    return runs.length === 2 && concepts && random ? [{ id, concepts, random }] : [];
  });
}

/** One number of both runs. */
export interface ComparisonRow {
  readonly name: string;
  readonly concepts: Estimate | null;
  readonly random: Estimate | null;
  readonly chance: number | null;
}

/** What the choice of pairs does: classification first, then retrieval. */
export function comparisonRows({ concepts, random }: CoverageComparison): ComparisonRow[] {
  const classes = concepts.zeroShot?.classes ?? random.zeroShot?.classes;
  const label = concepts.recipe.evaluate.zeroShot?.label;
  const classified: ComparisonRow[] = label
    ? [
        {
          name: `Zero-shot “${label}”, top 1`,
          concepts: concepts.zeroShot?.top1 ?? null,
          random: random.zeroShot?.top1 ?? null,
          chance: classes ? 1 / classes : null,
        },
        {
          name: `Zero-shot “${label}”, mean of classes`,
          concepts: exact(concepts.zeroShot?.macro),
          random: exact(random.zeroShot?.macro),
          chance: classes ? 1 / classes : null,
        },
      ]
    : [];
  const k = concepts.recipe.evaluate.retrieval.at(-1) ?? 10;
  const chance = [...concepts.baselines, ...random.baselines].find(({ id }) => id === "chance");
  const retrieved = (["imageToText", "textToImage"] as const).map((side): ComparisonRow => ({
    name: `${side === "imageToText" ? "Image → text" : "Text → image"}, recall@${k}`,
    concepts: concepts.test?.[side].recall[k] ?? null,
    random: random.test?.[side].recall[k] ?? null,
    chance: chance?.test[side].recall[k]?.value ?? null,
  }));
  return [...classified, ...retrieved];
}

const exact = (value: number | undefined): Estimate | null =>
  value === undefined ? null : { value, low: value, high: value };
