import type { RetrievalPair } from "../../core/domain/evaluation";
import type { SeedResult } from "../../core/domain/run";
import { assert } from "../../core/errors";
import type { FinishedTraining, KeptTraining } from "../../core/ports";
import { rankSplit } from "../evaluation/evaluateTest";
import type { AlignSession } from "./alignSession";
import { trainHead, type TrainingUnit } from "./training";

/**
 * Trains one head with several seeds, those that have ended left out, and gives the best on
 * validation, the earlier of equals.
 *
 * Every ended seed is stored with the run at once, its test results included, so that a crash
 * costs no more than the steps since the last checkpoint of the seed in hand. Finishing early ends
 * the seed in hand with its best step and leaves those after it out.
 *
 * @throws AppError as `trainRun`.
 */
export async function trainSeeds(
  session: AlignSession,
  method: TrainingUnit["method"],
): Promise<{ kept: KeptTraining; status: "done" | "stopped" }> {
  const { seed: first, seeds } = session.run.recipe.align;
  let kept = await session.deps.runs.kept(session.run.id);
  if (!kept) session.run = { ...session.run, seedResults: [] };
  for (let seed = first; seed < first + seeds; seed++) {
    if (session.run.seedResults.some((result) => result.seed === seed)) continue;
    const { status, ...training } = await trainHead(session, { method, seed });
    const isBest = !kept || scoreOf(training) > scoreOf(kept);
    if (isBest) kept = { ...training, score: scoreOf(training) };
    await endSeed(session, training, isBest ? kept : undefined);
    if (status === "stopped" && kept) return { kept, status };
  }
  assert(kept, "no seed was trained");
  return { kept, status: "done" };
}

/** Without validation every score is the same, and the first seed is kept. */
const scoreOf = ({ best }: FinishedTraining): number => best?.score ?? 0;

/** Stores and reports the results of a seed; its checkpoints go in the same transaction. */
export async function endSeed(
  session: AlignSession,
  training: FinishedTraining,
  kept?: KeptTraining,
): Promise<void> {
  const { seed, history, best, timings } = training;
  const seedResult: SeedResult = {
    seed,
    best,
    validation: history.findLast(({ step }) => step === best?.step)?.validation ?? null,
    test: await testOf(session, training),
    history,
    elapsedMs: timings.alignMs,
  };
  const { deps } = session;
  const seedResults = [...session.run.seedResults, seedResult];
  session.run = { ...session.run, seedResults, updatedAt: deps.now() };
  await deps.runs.endTraining(session.run, kept);
  const total = training.training?.steps ?? 0;
  session.report({ stage: "evaluate", done: total, total, unit: "steps", seedResult });
}

async function testOf(
  { data, run, signal }: AlignSession,
  { projectors }: FinishedTraining,
): Promise<RetrievalPair | null> {
  if (!data.pairs.split.includes("test")) return null;
  const { evaluate, align } = run.recipe;
  const options = { split: "test", ks: evaluate.retrieval, seed: align.seed, signal } as const;
  return (await rankSplit(projectors, data, options)).retrieval;
}
