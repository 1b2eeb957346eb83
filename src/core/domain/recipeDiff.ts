import type { Recipe } from "./recipe";

/** A setting in which two recipes differ. */
export interface RecipeDifference {
  /** Path of the key, such as `align.structure.weight`. */
  readonly key: string;
  /** Undefined where this recipe does not have the key. */
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * The settings in which two recipes differ, in the order of the recipe. Lists are compared as a
 * whole. The name does not count: it changes nothing.
 */
export function recipeDiff(before: Recipe, after: Recipe): RecipeDifference[] {
  return differences("", before, after).filter(({ key }) => key !== "name");
}

function differences(key: string, before: unknown, after: unknown): RecipeDifference[] {
  if (isDictionary(before) && isDictionary(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      differences(key === "" ? name : `${key}.${name}`, before[name], after[name]),
    );
  }
  return isEqual(before, after) ? [] : [{ key, before, after }];
}

function isDictionary(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of values as JSON has them, dictionaries inside lists included. */
function isEqual(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
}
