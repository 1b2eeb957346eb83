import type { Project } from "../../../core/domain/project";
import type { Recipe } from "../../../core/domain/recipe";
import { expandSweep, type Sweep } from "../../../core/domain/sweep";
import { AppError } from "../../../core/errors";
import type { AlignForm } from "./alignForm";
import { appliesTo } from "./formFields";
import { issueOf, type FormIssue } from "./formIssue";
import { recipeValueOf } from "./formRecipe";

/** What a form asks for: its runs, or why there are none. */
export type FormPlan =
  | { readonly sweep: Sweep; readonly repeats: number; readonly issue: null }
  | { readonly sweep: null; readonly repeats: 0; readonly issue: FormIssue };

/**
 * The runs a form stands for: one, or the product of the values its fields list. Combinations that
 * differ only in settings their method does not use are run once.
 */
export function planOf(form: AlignForm, project: Project, name: string): FormPlan {
  try {
    const all = expandSweep(recipeValueOf(form, project, name));
    const sweep = withoutRepeats(all);
    return { sweep, repeats: all.recipes.length - sweep.recipes.length, issue: null };
  } catch (thrown) {
    return { sweep: null, repeats: 0, issue: issueOf(AppError.from(thrown)) };
  }
}

/** One run of each that differ in something their method uses. */
export function withoutRepeats(sweep: Sweep): Sweep {
  const seen = new Set<string>();
  const kept = sweep.recipes.flatMap((recipe, i) => {
    const used = JSON.stringify(usedBy(recipe));
    if (seen.has(used)) return [];
    seen.add(used);
    return [i];
  });
  return {
    ...sweep,
    recipes: sweep.recipes.filter((_, i) => kept.includes(i)),
    points: sweep.points.filter((_, i) => kept.includes(i)),
  };
}

function usedBy({ align, ...recipe }: Recipe): unknown {
  const used = Object.entries(align).filter(([key]) => appliesTo(key, align.method));
  return [recipe, used];
}
