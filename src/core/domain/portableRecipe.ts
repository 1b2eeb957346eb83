import { SAMPLES } from "../catalogue/samples";
import type { Project } from "./project";
import type { Recipe } from "./recipe";

/** The recipe of a run as others can use it: its data named by sample or file, not by project. */
export function portableRecipe(recipe: Recipe, project: Project): Recipe {
  if (!("project" in recipe.data)) return recipe;
  const source = project.data?.source ?? "";
  const sample = SAMPLES.find(({ id, name, path }) =>
    [id, name, path.slice(path.lastIndexOf("/") + 1)].includes(source),
  );
  return {
    ...recipe,
    data: sample ? { sample: sample.id } : { path: source === "" ? "data.zip" : source },
  };
}
