import type { HistoryPoint, ResolvedTraining } from "../../core/domain/run";
import { warmUpSteps } from "./schedule";
import { rowsInLoss } from "./trainedParameters";

const MANY_STEPS = 50; // a bad batch or two recover, fifty steps do not

/**
 * Whether the loss is one that training does not come back from: more than twice that of guessing,
 * ln B, and 5 nats above it. Guessing is what a collapsed projector does; a loss this high means
 * confident wrong answers. STRUCTURE's share is not in it.
 */
export function isFarAboveChance(loss: number, training: ResolvedTraining): boolean {
  const chance = Math.log(Math.max(rowsInLoss(training), 2));
  return loss > Math.max(2 * chance, chance + 5);
}

/**
 * Steps for which every reported loss has been far above chance, after the warm-up; 0 where the
 * latest one is not.
 */
export function stepsFarAboveChance(
  history: readonly HistoryPoint[],
  training: ResolvedTraining,
): number {
  const warmUp = warmUpSteps(training.steps);
  const isHigh = ({ step, loss }: HistoryPoint) =>
    step > warmUp && isFarAboveChance(loss, training);
  const lastGood = history.findLastIndex((point) => !isHigh(point));
  const first = history[lastGood + 1];
  const last = history.at(-1);
  return first && last ? last.step - first.step + 1 : 0;
}

/** Whether the loss has been far above chance for so long that the training is given up. */
export const hasDiverged = (history: readonly HistoryPoint[], training: ResolvedTraining) =>
  stepsFarAboveChance(history, training) >= MANY_STEPS;

/**
 * Whether the patience is spent: no better validation score for that many steps at the latest
 * evaluation. A function of what a checkpoint holds, so that a resumed training ends where the
 * uninterrupted one does.
 */
export function isPatienceSpent(
  history: readonly HistoryPoint[],
  best: { readonly step: number } | null,
  { patience }: ResolvedTraining,
): boolean {
  if (patience === null || !best) return false;
  const evaluated = history.findLast((point) => point.validation)?.step ?? best.step;
  return evaluated - best.step >= patience;
}
