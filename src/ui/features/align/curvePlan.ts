import type { MethodId } from "../../../core/domain/alignSettings";
import type { Recipe } from "../../../core/domain/recipe";
import { learningCurveSweep, type Sweep } from "../../../core/domain/sweep";
import { AppError } from "../../../core/errors";
import { issueOf } from "./formIssue";
import { numbersOf } from "./formRecipe";

/** A learning curve as typed. */
export interface CurveForm {
  readonly base: Recipe;
  readonly methods: readonly MethodId[];
  /** Numbers of pairs and “all”, separated by commas. */
  readonly sizes: string;
  /** How many. */
  readonly seeds: string;
}

export type CurvePlan =
  | { readonly sweep: Sweep; readonly problem: null; readonly key: null }
  | { readonly sweep: null; readonly problem: string; readonly key: string | null };

/** The sweep that a typed learning curve stands for, or what is wrong with it. */
export function curvePlan({ base, methods, sizes, seeds }: CurveForm): CurvePlan {
  const refuse = (key: string | null, problem: string) => ({ sweep: null, problem, key }) as const;
  const count = Number(seeds);
  if (methods.length === 0) return refuse("method", "Choose at least one method.");
  if (!Number.isInteger(count) || count < 1 || count > 100) {
    return refuse("seed", "Seeds: expected a whole number from 1 to 100.");
  }
  const listed = numbersOf(sizes, { words: { all: "all" } });
  const values: readonly unknown[] = Array.isArray(listed) ? listed : [listed];
  const wrong = values.find((size) => size !== "all" && !(Number(size) >= 2));
  if (wrong !== undefined) {
    return refuse("trainOn", `Sizes: expected numbers from 2 or “all”, got “${String(wrong)}”.`);
  }
  if (values.length < 2) return refuse("trainOn", "Sizes: a curve needs at least two.");
  try {
    const sweep = learningCurveSweep({
      base: { ...base, name: "Learning curve" },
      methods,
      sizes: values.map((size) => (size === "all" ? "all" : Number(size))),
      seeds: Array.from({ length: count }, (_, i) => base.align.seed + i),
    });
    return { sweep, problem: null, key: null };
  } catch (thrown) {
    const { key, message } = issueOf(AppError.from(thrown));
    return refuse(key, message);
  }
}
