import type { Run } from "./run";

/**
 * The run other screens speak of when none was chosen: the newest finished one. Points of a sweep
 * and runs that learned from a part of the pairs come last. Undefined when none has ended.
 */
export function mainRun(runs: readonly Run[]): Run | undefined {
  const ended = runs
    .filter(({ test }) => test !== null)
    .toSorted((a, b) => b.createdAt - a.createdAt);
  return (
    ended.find(({ sweep, recipe }) => sweep === null && recipe.align.trainOn === "all") ??
    ended.find(({ recipe }) => recipe.align.trainOn === "all") ??
    ended[0]
  );
}
