import type { Recipe } from "../../../core/domain/recipe";
import type { Run } from "../../../core/domain/run";
import { expectedMs, runWork, type FinishedRun } from "../../../core/domain/sweepTime";
import { formatDuration } from "../../components/formatting";

/**
 * How long runs are likely to take, in words, from ended runs of this project; says so when none
 * can tell.
 *
 * @param pairs training pairs there are.
 */
export function estimateOf(
  recipes: readonly Recipe[],
  runs: readonly Run[],
  pairs: number,
): string {
  const finished = runs.flatMap(({ recipe: { align }, test, timings }): FinishedRun[] =>
    test && timings.alignMs > 0
      ? [{ method: align.method, work: runWork(align, pairs), elapsedMs: timings.alignMs }]
      : [],
  );
  if (finished.length === 0) return "The first run shows how long they take.";
  const total = recipes.reduce((ms, { align }) => {
    const run = { method: align.method, work: runWork(align, pairs) };
    return ms + (expectedMs(run, finished) ?? 0);
  }, 0);
  return `About ${formatDuration(total)}, judged by earlier runs.`;
}
