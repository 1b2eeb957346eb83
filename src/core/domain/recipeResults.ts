import type { Estimate, RetrievalPair } from "./evaluation";
import type { Recipe } from "./recipe";

/** What one recipe gave: the `results.json` of docs/recipes.md. */
export interface RecipeResults {
  readonly recipe: Recipe;
  readonly data: {
    readonly digest: string;
    readonly items: Readonly<Record<string, number>>;
    readonly pairs: number;
    readonly groups: number;
    readonly skipped: readonly { where: string; reason: string }[];
  };
  readonly splits: { readonly train: number; readonly validation: number; readonly test: number };
  readonly test: RetrievalPair & { readonly zeroShot: ZeroShotResults | null };
  readonly baselines: Readonly<Record<string, RetrievalPair>>;
  readonly timings: Readonly<Record<string, number>>;
  readonly device: {
    readonly encode: string;
    readonly align: string;
    readonly adapter: string | null;
    readonly threads: number;
  };
  readonly versions: Readonly<Record<string, string>>;
}

/** Zero-shot classification of the held-out images, as `results.json` has it. */
export interface ZeroShotResults {
  readonly classes: number;
  readonly top1: Estimate;
  readonly top5: Estimate;
  readonly macro: number;
  readonly ceiling: number | null;
}
