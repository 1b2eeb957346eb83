import { AppError } from "../errors";
import type { AlignSettings, MethodId } from "./alignSettings";
import { parseRecipeJson, resolveRecipe, type Recipe } from "./recipe";
import { fail } from "./recipeValues";

/** More runs than this are a mistake: at a minute each they take a night. */
export const MAX_SWEEP_RUNS = 500;

/** Value of a varied key; objects and lists are written as JSON. */
export type SweepValue = string | number | boolean | null;

/** One key that a sweep varies, such as `align.learningRate`. */
export interface SweepAxis {
  readonly key: string;
  readonly values: readonly SweepValue[];
}

/** A recipe with lists, written out as one recipe per run. */
export interface Sweep {
  readonly name: string;
  /** In the order of the recipe; none for a plain recipe. */
  readonly axes: readonly SweepAxis[];
  /** Every combination, the last axis varying fastest; defaults filled in. */
  readonly recipes: readonly Recipe[];
  /** Where on the axes each recipe lies: value by key. */
  readonly points: readonly Readonly<Record<string, SweepValue>>[];
}

/** Keys whose value is a list by nature, so that a list there varies nothing. */
const LISTS: ReadonlySet<string> = new Set(["align.trainOn.concepts"]);

const DEEPEST_KEY = 3; // align.structure.weight; what lies deeper is refused as unknown

interface Axis {
  readonly path: readonly string[];
  readonly values: readonly unknown[];
}

/**
 * A parsed JSON value as a sweep: the product of every list under `align` and `encoders` that
 * stands where one value is expected. A plain recipe is a sweep of one.
 *
 * @throws AppError `recipe/invalid`, naming the key: an empty list, a value that is there twice,
 *   more than 500 runs, or whatever `resolveRecipe` refuses in one of the recipes.
 */
export function expandSweep(value: unknown): Sweep {
  const axes = ["align", "encoders"].flatMap((key) => axesIn(ownValue(value, key), [key]));
  const runs = axes.reduce((product, axis) => product * axis.values.length, 1);
  if (runs > MAX_SWEEP_RUNS) {
    const factors = axes.map(({ path, values }) => `${path.join(".")} × ${values.length}`);
    const detail = `a sweep of ${runs} runs (${factors.join(", ")}); at most ${MAX_SWEEP_RUNS}`;
    throw new AppError("recipe/invalid", detail);
  }
  const all = Array.from({ length: runs }, (_, i) => choicesOf(axes, i));
  const points = all.map((choices) =>
    Object.fromEntries(choices.map(({ path, value: v }) => [path.join("."), plain(v)])),
  );
  const recipes = all.map((choices, i) => {
    const written = choices.reduce<unknown>((v, c) => replaced(v, c.path, c.value), value);
    return axes.length === 0 ? resolveRecipe(written) : resolvedAt(written, points[i] ?? {});
  });
  return {
    name: recipes[0]?.name ?? "",
    axes: axes.map(({ path, values }) => ({ key: path.join("."), values: values.map(plain) })),
    recipes,
    points,
  };
}

/**
 * Parses the JSON of a recipe, with or without lists.
 *
 * @throws AppError `recipe/invalid` when it is not JSON or not a sweep.
 */
export function parseSweep(json: string): Sweep {
  return expandSweep(parseRecipeJson(json));
}

/** Where a run lies on its sweep's axes, in words: `learningRate 0.003, seed 1`. */
export function pointName(at: Readonly<Record<string, SweepValue>>): string {
  return Object.entries(at)
    .map(([key, value]) => `${key.slice(key.indexOf(".") + 1)} ${String(value)}`)
    .join(", ");
}

/**
 * Training sizes worth a point of a learning curve: 100, 300, 1,000, 3,000, … and `pairs` itself.
 * Below 300 pairs they start at 10. A size within a fifth of `pairs` is left out, since it would
 * tell nothing that `pairs` does not.
 *
 * @param pairs unrelated training pairs there are; fewer than 1 give none.
 */
export function learningCurveSizes(pairs: number): number[] {
  const total = Math.floor(pairs);
  if (!(total >= 1)) return [];
  const sizes: number[] = [];
  for (let power = total < 300 ? 10 : 100; power * 1.2 <= total; power *= 10) {
    sizes.push(power);
    if (power * 3 * 1.2 <= total) sizes.push(power * 3);
  }
  return [...sizes, total];
}

/** What a learning curve draws. */
export interface LearningCurve {
  /** Everything but method, seed, `trainOn` and baselines is taken from here. */
  readonly base: Recipe;
  readonly methods: readonly MethodId[];
  /** Unrelated training pairs; `"all"` trains on every pair. */
  readonly sizes: readonly (number | "all")[];
  readonly seeds: readonly number[];
}

/**
 * The sweep that draws a learning curve: method × size × seed, a whole curve of the first seed
 * before the next. Its only baseline is chance: closed forms belong in `methods`, where they get
 * the same pairs as the rest.
 *
 * @throws AppError `recipe/invalid`, as `expandSweep`; an empty list is named by its key.
 */
export function learningCurveSweep({ base, methods, sizes, seeds }: LearningCurve): Sweep {
  const { method: _m, seed: _s, trainOn: _t, seeds: _n, ...align } = base.align;
  const varied: Record<"seed" | "trainOn" | "method", readonly unknown[]> = {
    seed: seeds,
    trainOn: sizes,
    method: methods,
  };
  const kept: Partial<AlignSettings> = { ...align, seeds: 1 };
  return expandSweep({
    ...base,
    align: { ...kept, ...varied },
    evaluate: { ...base.evaluate, baselines: ["chance"] },
  });
}

function axesIn(value: unknown, path: readonly string[]): Axis[] {
  const key = path.join(".");
  if (Array.isArray(value)) {
    const varies = path.length > 1 && !LISTS.has(key); // a whole section is no value
    return varies ? [{ path, values: distinct(value, key) }] : [];
  }
  if (typeof value !== "object" || value === null || path.length === DEEPEST_KEY) return [];
  return Object.entries(value).flatMap(([name, each]) => axesIn(each, [...path, name]));
}

function distinct(values: readonly unknown[], key: string): readonly unknown[] {
  if (values.length === 0) fail(key, "at least one value in a list to vary", values);
  const seen = new Set<string>();
  for (const value of values) {
    if (Array.isArray(value)) fail(key, "one value per entry of a list to vary", value);
    const text = JSON.stringify(value);
    if (seen.has(text)) fail(key, `every value once (${text} is there twice)`, values);
    seen.add(text);
  }
  return values;
}

/** The `index`-th combination, the last axis varying fastest. */
function choicesOf(axes: readonly Axis[], index: number) {
  let rest = index;
  return axes
    .toReversed()
    .map(({ path, values }) => {
      const value = values[rest % values.length];
      rest = Math.floor(rest / values.length);
      return { path, value };
    })
    .toReversed();
}

/** A copy of `value` with another value at `path`; only what lies on the path is copied. */
function replaced(value: unknown, [key, ...rest]: readonly string[], next: unknown): unknown {
  if (key === undefined) return next;
  // Computed keys and spreads define own properties, so `__proto__` stays a plain unknown key.
  return { ...(value as object), [key]: replaced(ownValue(value, key), rest, next) };
}

function ownValue(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key]; // its own property, checked above
}

function resolvedAt(written: unknown, at: Readonly<Record<string, SweepValue>>): Recipe {
  try {
    return resolveRecipe(written);
  } catch (thrown) {
    const error = AppError.from(thrown);
    throw new AppError(error.code, `${error.detail}; in the run with ${pointName(at)}`, {
      cause: thrown,
    });
  }
}

function plain(value: unknown): SweepValue {
  const isPlain = value === null || ["string", "number", "boolean"].includes(typeof value);
  return isPlain ? (value as SweepValue) : JSON.stringify(value);
}
