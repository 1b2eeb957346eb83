import type { AlignmentData } from "../../core/domain/alignmentData";
import type { AlignSettings } from "../../core/domain/alignSettings";
import type { HistoryPoint, ResolvedTraining } from "../../core/domain/run";
import { warmUpSteps } from "./schedule";
import { rowsInLoss } from "./trainedParameters";

const MANY_STEPS = 50; // a bad batch or two recover, fifty steps do not

/** What a training is expected to do better than. */
export interface Guessing {
  /** Steps of the whole training. */
  readonly steps: number;
  /** Rows each item is compared with: those of the batch, or of the corpus. */
  readonly rivals: number;
}

/** What guessing is in a training over `data`. */
export function guessingIn(
  data: AlignmentData,
  { negatives }: Pick<AlignSettings, "negatives">,
  training: ResolvedTraining,
): Guessing {
  const items = Math.max(data.image.rows, data.text.rows);
  const rivals = negatives === "corpus" ? items : rowsInLoss(training);
  return { steps: training.steps, rivals };
}

/**
 * Whether the loss is one that training does not come back from: more than twice that of guessing,
 * the logarithm of the rivals, and 5 nats above it. Guessing is what a collapsed projector does; a loss this high means
 * confident wrong answers. STRUCTURE's share is not in it.
 */
export function isFarAboveChance(loss: number, { rivals }: Guessing): boolean {
  const chance = Math.log(Math.max(rivals, 2));
  return loss > Math.max(2 * chance, chance + 5);
}

/**
 * Steps for which every reported loss has been far above chance, after the warm-up; 0 where the
 * latest one is not.
 */
export function stepsFarAboveChance(history: readonly HistoryPoint[], guessing: Guessing): number {
  const warmUp = warmUpSteps(guessing.steps);
  const isHigh = ({ step, loss }: HistoryPoint) =>
    step > warmUp && isFarAboveChance(loss, guessing);
  const lastGood = history.findLastIndex((point) => !isHigh(point));
  const first = history[lastGood + 1];
  const last = history.at(-1);
  return first && last ? last.step - first.step + 1 : 0;
}

/** Whether the loss has been far above chance for so long that the training is given up. */
export const hasDiverged = (history: readonly HistoryPoint[], guessing: Guessing): boolean =>
  stepsFarAboveChance(history, guessing) >= MANY_STEPS;

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
