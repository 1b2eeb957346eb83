import { methodById } from "../catalogue/methods";
import type { AlignSettings, MethodId } from "./alignSettings";

/** One run as a forecast sees it. */
export interface TimedRun {
  readonly method: MethodId;
  /** `runWork` of its recipe. */
  readonly work: number;
}

export interface FinishedRun extends TimedRun {
  readonly elapsedMs: number;
}

const AUTO_BATCH = 1_024;
const AUTO_PASSES = 150;
const AUTO_STEPS = { least: 200, most: 5_000 };

/**
 * How much a run computes, to compare runs of one method with each other: pairs it looks at, over
 * all steps and seeds. No unit of time.
 *
 * @param pairs training pairs of the project.
 */
export function runWork(align: AlignSettings, pairs: number): number {
  const { trainOn, seeds } = align;
  const used = typeof trainOn === "number" ? Math.min(trainOn, pairs) : pairs;
  if (methodById(align.method)?.kind === "closed-form") return Math.max(used, 1);
  const wanted = align.batchSize === "auto" ? AUTO_BATCH : align.batchSize;
  const batch = Math.max(Math.min(used, wanted), 1);
  // What engine/align/resolveTraining makes of `auto`; a forecast may be a little off.
  const automatic = Math.round((AUTO_PASSES * used) / batch);
  const steps =
    align.steps === "auto"
      ? Math.min(Math.max(automatic, AUTO_STEPS.least), AUTO_STEPS.most)
      : align.steps;
  return steps * batch * seeds;
}

/**
 * Expected milliseconds of a run: the mean over finished runs of its method, scaled by work; of
 * all finished runs, unscaled, where its method has not had a turn. Null before the first.
 */
export function expectedMs(run: TimedRun, finished: readonly FinishedRun[]): number | null {
  if (finished.length === 0) return null;
  const alike = finished.filter(({ method }) => method === run.method);
  const total = (runs: readonly FinishedRun[]) => runs.reduce((ms, r) => ms + r.elapsedMs, 0);
  if (alike.length === 0) return total(finished) / finished.length;
  const work = alike.reduce((sum, each) => sum + each.work, 0);
  return (total(alike) * run.work) / work;
}

/**
 * Milliseconds until the last run ends; undefined before one has.
 *
 * @param queue the run in hand and those after it.
 * @param elapsedMs time spent on the run in hand, which cannot be gained back.
 */
export function remainingMs(
  queue: readonly TimedRun[],
  finished: readonly FinishedRun[],
  elapsedMs: number,
): number | undefined {
  let total = 0;
  for (const [i, run] of queue.entries()) {
    const expected = expectedMs(run, finished);
    if (expected === null) return undefined;
    total += i === 0 ? Math.max(expected - elapsedMs, 0) : expected;
  }
  return total;
}
