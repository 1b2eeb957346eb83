import type { Recipe } from "../domain/recipe";
import { parseSweep, type Sweep } from "../domain/sweep";
import { AppError } from "../errors";
import { textOfBase64Url, textToBase64Url } from "./base64url";

const KEY = "recipe=";
const MAX_LINK_LENGTH = 64 * 1024; // a full recipe takes 1 kB; anything near this is not one
const OTHER_PART = "&query="; // a link may carry a query for the recipe's run: queryLink.ts

/** The hash part of a link that carries a recipe, without `#`: `recipe=<base64url of its JSON>`. */
export function encodeRecipeLink(recipe: Recipe): string {
  return KEY + textToBase64Url(JSON.stringify(recipe));
}

/**
 * The link of a recipe's JSON text, lists as they are written.
 *
 * @throws AppError `recipe/invalid` when it is not JSON, not a recipe, or not a sweep.
 */
export function recipeLinkOf(json: string): string {
  const { axes, recipes } = parseSweep(json);
  const only = recipes[0];
  if (axes.length === 0 && only) return encodeRecipeLink(only);
  return KEY + textToBase64Url(JSON.stringify(JSON.parse(json)));
}

/** Whether a location's hash carries a recipe, valid or not. */
function isRecipeLink(hash: string): boolean {
  return hash.replace(/^#/, "").startsWith(KEY);
}

/**
 * The recipe in a location's hash as a sweep of one or more runs, defaults filled in.
 *
 * @param hash with or without the leading `#`.
 * @throws AppError `recipe/invalid`: not a recipe link, over 64 kB, not base64url, not UTF-8, not
 * JSON, or not a recipe.
 */
export function decodeRecipeLink(hash: string): Sweep {
  if (!isRecipeLink(hash)) throw new AppError("recipe/invalid", "the link carries no recipe");
  if (hash.length > MAX_LINK_LENGTH) {
    throw new AppError("recipe/invalid", `a link of ${hash.length} characters; the limit is 64 kB`);
  }
  const [recipe = ""] = hash.replace(/^#/, "").slice(KEY.length).split(OTHER_PART);
  return parseSweep(textOfBase64Url(recipe, "recipe/invalid"));
}
